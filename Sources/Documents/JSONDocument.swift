#if canImport(FoundationEssentials)
  internal import FoundationEssentials
#else
  internal import Foundation
#endif

/// Reading JSON that another program wrote.
package enum JSONDocument {
  /// The most bytes that a file may have.
  package static let sizeLimit = 64 << 20

  /// The value that `content` is; throws where it is no JSON, or not of that kind.
  ///
  /// `file` is the file as the user knows it, `what` what it should be.
  package static func value<Value: Decodable>(
    _ type: Value.Type, of content: [UInt8], file: String, what: String
  ) throws(DocumentError) -> Value {
    do {
      return try JSONDecoder().decode(type, from: Data(content))
    } catch let error as DecodingError {
      throw DocumentError(
        file: file, line: nil, column: nil, message: "this is no \(what): \(reason(error))")
    } catch {
      throw DocumentError(
        file: file, line: nil, column: nil, message: "this is no \(what): \(error)")
    }
  }

  private static func reason(_ error: DecodingError) -> String {
    func path(_ context: DecodingError.Context) -> String {
      // A key that is no field's may be anything, also a secret.
      let path = context.codingPath.map { key -> String in
        if let position = key.intValue { return "[\(position)]" }
        let isField =
          key.stringValue.count <= 24 && key.stringValue.allSatisfy { $0.isLetter || $0 == "_" }
        return isField ? key.stringValue : "…"
      }
      return path.isEmpty ? "" : " at \(path.joined(separator: "."))"
    }
    switch error {
    case .keyNotFound(let key, let context):
      return "“\(key.stringValue)” is missing\(path(context))"
    case .typeMismatch(_, let context), .valueNotFound(_, let context):
      return "a value is of the wrong kind\(path(context))"
    case .dataCorrupted(let context):
      return context.codingPath.isEmpty
        ? "it is not valid JSON" : "a value is wrong\(path(context))"
    @unknown default: return "it cannot be read"
    }
  }
}
