/// A fault in a file that people write, and where it is.
package struct DocumentError: Error, Equatable, Sendable {
  /// The file, as it was named.
  package let file: String
  /// 1-based; `nil` when the whole file is meant.
  package let line: Int?
  /// 1-based.
  package let column: Int?
  /// What is wrong and what is wanted, as a sentence.
  package let message: String

  package init(file: String, line: Int?, column: Int?, message: String) {
    self.file = file
    self.line = line
    self.column = column
    self.message = message
  }
}

extension DocumentError: CustomStringConvertible {
  package var description: String {
    let place = [file, line.map(String.init), column.map(String.init)].compactMap(\.self)
    return "\(place.joined(separator: ":")): \(message)"
  }
}
