package import Git
package import Inputs
package import Matching
package import Model

/// Reads single objects through libgit2 and says which secrets they hold.
package struct SecretReader: ~Copyable {
  private var detector: Detector
  private var reader: ContentReader

  package init(_ compiled: CompiledBook) throws(MatchingError) {
    let detector = try Detector(compiled)
    self.detector = detector
    reader = ContentReader(overlap: compiled.reach)
  }

  /// What kind of object `id` is.
  package mutating func kind(
    of id: ObjectID, in location: RepositoryLocation
  ) throws(InputError) -> ObjectKind {
    try reader.kind(of: id, in: location)
  }

  /// Lends the content of an object that is held whole.
  package mutating func read(
    _ id: ObjectID, in location: RepositoryLocation, _ body: (Span<UInt8>) -> Void
  ) throws(InputError) {
    try reader.openObject(id, in: location)
    reader.readWhole(body)
  }

  /// Adds every secret of an object to `found`, and shows each window's own bytes.
  package mutating func secrets(
    in id: ObjectID, at location: RepositoryLocation, into found: inout Set<Secret>,
    _ body: (_ bytes: Span<UInt8>, _ isFirst: Bool) -> Void
  ) throws(InputError) {
    let kind = try reader.kind(of: id, in: location)
    if kind == .blob {
      try reader.openBlob(id, in: location)
    } else {
      try reader.openObject(id, in: location)
    }
    while try reader.next() {
      body(reader.bytes.extracting(reader.core), reader.isFirstWindow)
      do throws(MatchingError) {
        found.formUnion(try Self.secrets(&detector, reader))
      } catch {
        throw InputError(.engineLimit, error.reason)
      }
    }
  }

  private static func secrets(
    _ detector: inout Detector, _ reader: borrowing ContentReader
  ) throws(MatchingError) -> Set<Secret> {
    try detector.secrets(in: reader.bytes)
  }
}
