internal import Git
internal import Inputs
internal import Matching
internal import Model
internal import Scanning
internal import Store

/// What was found in a repository and where it is held, as it is kept: without any secret.
///
/// A secret is told by a blob that holds it and its place among the secrets of that blob.
struct Finds: Sendable {
  private let messages: [ObjectID]
  private let named: [ObjectID]
  private let hits: [(blob: ObjectID, secrets: [Int])]
  private let witnesses: [Witness]
  let holdings: Holdings

  /// Where a secret can be read again.
  private struct Witness {
    let blob: ObjectID
    let place: Int
    /// How many secrets the blob holds.
    let count: Int
  }

  init(_ knowledge: Knowledge, _ holdings: Holdings) {
    messages = knowledge.messages.sorted()
    named = knowledge.named.sorted()
    hits = knowledge.hits.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    self.holdings = holdings
    var found: [Witness?] = Array(repeating: nil, count: knowledge.secrets.count)
    for (blob, secrets) in hits where secrets.contains(where: { found[$0] == nil }) {
      let inOrder = knowledge.secrets(of: blob)
      for number in secrets {
        guard let place = inOrder.firstIndex(of: knowledge.secrets[number]) else { continue }
        found[number] = Witness(blob: blob, place: place, count: inOrder.count)
      }
    }
    witnesses = found.compactMap { $0 }
  }

  /// Puts into `knowledge` what was found, and reads the secrets again.
  ///
  /// Throws if they are not what they were.
  func tell(
    _ knowledge: inout Knowledge, at location: RepositoryLocation, _ compiled: CompiledBook
  ) throws(StoreError) {
    var reader = try Rereader(compiled, location)
    for (number, witness) in witnesses.enumerated() {
      let secrets = try reader.secrets(of: witness.blob, count: witness.count)
      guard secrets.indices.contains(witness.place),
        knowledge.number(of: secrets[witness.place]) == number
      else { throw StoreError("a secret is not where it was") }
    }
    for (blob, secrets) in hits {
      guard secrets.allSatisfy({ witnesses.indices.contains($0) }) else {
        throw StoreError("a secret has no witness")
      }
      knowledge.hits[blob] = secrets
    }
    knowledge.messages.formUnion(messages)
    knowledge.named.formUnion(named)
  }

  // MARK: Keeping

  init(_ content: [UInt8], of catalog: ObjectCatalog) throws(StoreError) {
    var reader = ByteReader(content)
    messages = try reader.ids()
    named = try reader.ids()
    hits = try reader.each { reader throws(StoreError) in
      (try reader.id(), try reader.each { reader throws(StoreError) in try reader.number() })
    }
    witnesses = try reader.each { reader throws(StoreError) in
      Witness(blob: try reader.id(), place: try reader.number(), count: try reader.number())
    }
    holdings = try Holdings(&reader, of: catalog)
  }

  func content(of catalog: ObjectCatalog) -> [UInt8] {
    var writer = ByteWriter()
    writer.add(messages)
    writer.add(named)
    writer.add(each: hits) { writer, hit in
      writer.add(hit.blob)
      writer.add(each: hit.secrets) { $0.add($1) }
    }
    writer.add(each: witnesses) { writer, witness in
      writer.add(witness.blob)
      writer.add(witness.place)
      writer.add(witness.count)
    }
    holdings.write(to: &writer, of: catalog)
    return writer.bytes
  }
}

/// Reads again the secrets of blobs.
struct Rereader: ~Copyable {
  private var reader: SecretReader
  private let location: RepositoryLocation
  private var known: [ObjectID: [Secret]] = [:]

  init(_ compiled: CompiledBook, _ location: RepositoryLocation) throws(StoreError) {
    do throws(MatchingError) {
      reader = try SecretReader(compiled)
    } catch {
      throw StoreError(error.reason)
    }
    self.location = location
  }

  /// The secrets of a blob in the order of their bytes; throws if they are not `count`.
  mutating func secrets(of blob: ObjectID, count: Int) throws(StoreError) -> [Secret] {
    if let secrets = known[blob] { return secrets }
    var found: Set<Secret> = []
    do throws(InputError) {
      try reader.secrets(in: blob, at: location, into: &found) { _, _ in }
    } catch {
      throw StoreError(error.reason)
    }
    guard found.count == count else { throw StoreError("a blob holds other secrets than before") }
    let secrets = Knowledge.inOrder(found)
    known[blob] = secrets
    return secrets
  }
}
