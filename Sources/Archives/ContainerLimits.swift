/// How much of a container is looked at.
package struct ContainerLimits: Sendable {
  /// The most bytes that are unpacked of one container.
  package var bytes = 256 << 20
  /// The most entries of one container.
  package var entries = 100_000
  /// How often its own size a container may unpack to, once that is more than ``ratioFloor``.
  package var ratio = 200
  /// What may be unpacked in any case: small files that repeat themselves are no attack.
  package var ratioFloor = 4 << 20
  /// How deep containers may stand in each other; one that stands in none is at 1.
  package var depth = 4
  /// The most bytes that are unpacked of all containers in one file together.
  package var totalBytes = 1 << 30
  /// The most entries of all containers in one file together.
  package var totalEntries = 400_000

  package init() {}

  /// The fault of a container of more bytes than are looked at.
  package var tooManyBytes: ContainerFault {
    ContainerFault(.limit, "it holds more than \(bytes >> 20) MiB, of which the first were read")
  }

  /// The fault of a container that is packed so well that it must be an attack.
  var tooDense: ContainerFault {
    ContainerFault(.limit, "it unpacks to more than \(ratio) times its size")
  }

  var tooManyEntries: ContainerFault {
    ContainerFault(.limit, "it has more than \(entries) entries")
  }

  package var tooDeep: ContainerFault {
    ContainerFault(.limit, "it stands more than \(depth) containers deep")
  }

  /// The fault of a container that is too large to be held.
  package var tooLarge: ContainerFault {
    ContainerFault(.limit, "it is larger than \(bytes >> 20) MiB itself")
  }
}

/// What may still be unpacked of the containers in one file.
package struct ContainerBudget: Sendable {
  package let limits: ContainerLimits
  private(set) var bytes: Int
  private(set) var entries: Int

  package init(_ limits: ContainerLimits = ContainerLimits()) {
    self.limits = limits
    (bytes, entries) = (limits.totalBytes, limits.totalEntries)
  }

  mutating func spend(bytes count: Int) { bytes -= count }

  mutating func spendEntry() { entries -= 1 }

  var exhausted: ContainerFault {
    ContainerFault(
      .limit,
      "what the file holds in all is more than \(limits.totalBytes >> 20) MiB or "
        + "\(limits.totalEntries) entries")
  }
}
