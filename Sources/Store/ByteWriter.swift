package import Git

/// Puts values one after the other; ``ByteReader`` takes them back.
package struct ByteWriter {
  package private(set) var bytes: [UInt8] = []

  package init() {}

  /// Adds a number in eight bytes.
  package mutating func add(_ number: Int) {
    let bits = UInt64(bitPattern: Int64(number))
    for shift in stride(from: UInt64(0), to: 64, by: 8) {
      bytes.append(UInt8(truncatingIfNeeded: bits >> shift))
    }
  }

  /// Adds a number in four bytes.
  package mutating func add(_ number: UInt32) {
    for shift in stride(from: UInt32(0), to: 32, by: 8) {
      bytes.append(UInt8(truncatingIfNeeded: number >> shift))
    }
  }

  package mutating func add(_ flag: Bool) { bytes.append(flag ? 1 : 0) }

  /// Adds bytes after their number.
  package mutating func add(_ content: [UInt8]) {
    add(content.count)
    bytes += content
  }

  package mutating func add(_ text: String) { add(Array(text.utf8)) }

  /// Adds names after their number.
  package mutating func add(_ ids: [ObjectID]) {
    add(ids.count)
    bytes += ObjectID.bytes(of: ids)
  }

  package mutating func add(_ id: ObjectID) { bytes += id.bytes }

  /// Adds numbers of four bytes after their own number.
  package mutating func add(_ numbers: [UInt32]) {
    add(numbers.count)
    var i = bytes.count
    bytes += repeatElement(0, count: 4 * numbers.count)
    for number in numbers {
      bytes[i] = UInt8(truncatingIfNeeded: number)
      bytes[i + 1] = UInt8(truncatingIfNeeded: number >> 8)
      bytes[i + 2] = UInt8(truncatingIfNeeded: number >> 16)
      bytes[i + 3] = UInt8(truncatingIfNeeded: number >> 24)
      i += 4
    }
  }

  /// Adds the number of `items`, and each as `body` does.
  package mutating func add<Items: Collection>(
    each items: Items, _ body: (inout ByteWriter, Items.Element) -> Void
  ) {
    add(items.count)
    for item in items { body(&self, item) }
  }

  /// Adds whether there is a value, and the value as `body` does.
  package mutating func add<Value>(
    _ value: Value?, _ body: (inout ByteWriter, Value) -> Void
  ) {
    add(value != nil)
    if let value { body(&self, value) }
  }
}

/// Takes values back that a ``ByteWriter`` put together.
package struct ByteReader {
  private let bytes: [UInt8]
  private var position = 0

  package init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  /// Everything was taken.
  package var isAtEnd: Bool { position == bytes.count }

  private static let short = StoreError("what was kept ends too early")

  /// Makes sure that `count` more things are there, of `size` bytes each at least.
  private func require(_ count: Int, of size: Int = 1) throws(StoreError) {
    guard count >= 0, count <= (bytes.count - position) / size else { throw Self.short }
  }

  package mutating func number() throws(StoreError) -> Int {
    try require(8)
    var bits: UInt64 = 0
    for i in 0..<8 { bits |= UInt64(bytes[position + i]) << UInt64(8 * i) }
    position += 8
    return Int(Int64(bitPattern: bits))
  }

  package mutating func word() throws(StoreError) -> UInt32 {
    try require(4)
    let word = wordUnchecked(at: position)
    position += 4
    return word
  }

  private func wordUnchecked(at i: Int) -> UInt32 {
    UInt32(bytes[i]) | UInt32(bytes[i + 1]) << 8 | UInt32(bytes[i + 2]) << 16
      | UInt32(bytes[i + 3]) << 24
  }

  package mutating func flag() throws(StoreError) -> Bool {
    try require(1)
    position += 1
    return bytes[position - 1] != 0
  }

  package mutating func array() throws(StoreError) -> [UInt8] {
    let count = try number()
    try require(count)
    position += count
    return Array(bytes[(position - count)..<position])
  }

  package mutating func text() throws(StoreError) -> String {
    String(decoding: try array(), as: UTF8.self)
  }

  package mutating func id() throws(StoreError) -> ObjectID {
    guard let id = ObjectID(bytes.span, at: position) else { throw Self.short }
    position += ObjectID.count
    return id
  }

  package mutating func ids() throws(StoreError) -> [ObjectID] {
    let count = try number()
    try require(count, of: ObjectID.count)
    var ids: [ObjectID] = []
    ids.reserveCapacity(count)
    let start = position
    position += ObjectID.count * count
    let span = bytes.span
    for i in 0..<count {
      if let id = ObjectID(span, at: start + ObjectID.count * i) { ids.append(id) }
    }
    return ids
  }

  package mutating func words() throws(StoreError) -> [UInt32] {
    let count = try number()
    try require(count, of: 4)
    var words: [UInt32] = []
    words.reserveCapacity(count)
    for i in 0..<count { words.append(wordUnchecked(at: position + 4 * i)) }
    position += 4 * count
    return words
  }

  /// As many values as were added, each taken by `body`.
  package mutating func each<Value>(
    _ body: (inout ByteReader) throws(StoreError) -> Value
  ) throws(StoreError) -> [Value] {
    let count = try number()
    try require(count)
    var values: [Value] = []
    values.reserveCapacity(count)
    for _ in 0..<count { values.append(try body(&self)) }
    return values
  }

  package mutating func optional<Value>(
    _ body: (inout ByteReader) throws(StoreError) -> Value
  ) throws(StoreError) -> Value? {
    try flag() ? try body(&self) : nil
  }
}
