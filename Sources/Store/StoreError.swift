internal import Files

/// Why nothing can be kept between runs.
package struct StoreError: Error, CustomStringConvertible {
  /// A sentence for the user, without a full stop.
  package let description: String

  package init(_ description: String) {
    self.description = description
  }

  static func files<Value>(_ body: () throws(FileError) -> Value) throws(StoreError) -> Value {
    do throws(FileError) {
      return try body()
    } catch {
      throw StoreError("\(error)")
    }
  }
}
