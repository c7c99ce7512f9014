internal import Files

/// A pack, an index of one or a loose object that cannot be read.
package struct PackError: Error, Equatable, Sendable {
  package let kind: Kind
  /// Why, as the end of a sentence.
  package let reason: String

  package enum Kind: Equatable, Sendable {
    /// Bytes that are not what they should be.
    case damaged
    /// The system refused.
    case refused
    /// It is larger than anything that is taken into memory.
    case limit
    /// It is large and whole: better read piece by piece.
    case large
  }

  package init(_ kind: Kind, _ reason: String) {
    self.kind = kind
    self.reason = reason
  }
}

extension PackError: CustomStringConvertible {
  package var description: String { reason }
}

/// Runs file operations whose failure is one of the pack that they are for.
func files<Result: ~Copyable>(
  _ body: () throws(FileError) -> Result
) throws(PackError) -> Result {
  do throws(FileError) {
    return try body()
  } catch {
    throw PackError(.refused, error.reason)
  }
}
