/// Why a container, or an entry of one, was not looked into, or not to its end.
package struct ContainerFault: Error, Hashable, Sendable {
  package let kind: Kind
  /// As the end of a sentence.
  package let reason: String

  /// What kind of fault it is.
  package enum Kind: Hashable, Sendable {
    /// It is encrypted, so nobody without the password sees what is in it.
    case encrypted
    /// The bytes are not what they should be.
    case damaged
    /// It is written in a way that is not read here.
    case unsupported
    /// There is more than is looked at.
    case limit
  }

  package init(_ kind: Kind, _ reason: String) {
    (self.kind, self.reason) = (kind, reason)
  }

  static let noMemory = ContainerFault(.limit, "there is no memory to open it")
}
