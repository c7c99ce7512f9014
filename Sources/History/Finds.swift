internal import Archives
internal import Git
internal import Inputs
internal import Matching
internal import Model
internal import Scanning
internal import Store

/// What was found in a repository and where it is held, as it is kept: of secrets their tags.
struct Finds: Sendable {
  private let messages: [ObjectID]
  private let named: [ObjectID]
  private let hits: [(blob: ObjectID, secrets: [Int])]
  private let secrets: [SecretTag]
  private let packed: [(blob: ObjectID, kind: ContainerKind)]
  let holdings: Holdings

  init(_ knowledge: Knowledge, _ holdings: Holdings) {
    messages = knowledge.messages.sorted()
    named = knowledge.named.sorted()
    hits = knowledge.hits.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    secrets = knowledge.secrets
    packed = knowledge.packed.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    self.holdings = holdings
  }

  /// Puts into `knowledge`, which knows of no secrets, what was found.
  func tell(_ knowledge: inout Knowledge) throws(StoreError) {
    for (number, secret) in secrets.enumerated() where knowledge.number(of: secret) != number {
      throw StoreError("a secret is kept twice")
    }
    for (blob, numbers) in hits {
      guard numbers.allSatisfy({ secrets.indices.contains($0) }) else {
        throw StoreError("a blob holds a secret that is not kept")
      }
      knowledge.hits[blob] = numbers
    }
    for (blob, kind) in packed { knowledge.packed[blob] = kind }
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
    secrets = try reader.each { reader throws(StoreError) in try SecretTag(&reader) }
    packed = try reader.each { reader throws(StoreError) in
      let (blob, name) = (try reader.id(), try reader.text())
      guard let kind = ContainerKind(rawValue: name) else {
        throw StoreError("a container is of no kind")
      }
      return (blob, kind)
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
    writer.add(each: secrets) { $1.write(to: &$0) }
    writer.add(each: packed) { writer, one in
      writer.add(one.blob)
      writer.add(one.kind.rawValue)
    }
    holdings.write(to: &writer, of: catalog)
    return writer.bytes
  }
}

extension SecretTag {
  init(_ reader: inout ByteReader) throws(StoreError) {
    guard let tag = SecretTag(prefixOf: try reader.array()) else {
      throw StoreError("a tag is too short")
    }
    self = tag
  }

  func write(to writer: inout ByteWriter) { writer.add(bytes) }
}
