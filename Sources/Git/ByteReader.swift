/// Reads numbers and strings one after another; asking for more than there is throws.
struct ByteReader: ~Escapable {
  let bytes: Span<UInt8>
  /// Where the next byte is taken from.
  private(set) var offset: Int
  /// One past the last byte that may be taken.
  let end: Int
  private let action: String

  @_lifetime(copy bytes)
  init(_ bytes: Span<UInt8>, in range: Range<Int>, action: String) {
    precondition(range.lowerBound >= 0 && range.upperBound <= bytes.count, "outside of the bytes")
    self.bytes = bytes
    offset = range.lowerBound
    end = range.upperBound
    self.action = action
  }

  var remaining: Int { end - offset }

  func damage(_ detail: String) -> GitError {
    GitError(.damaged, action, "\(detail), at byte \(offset)")
  }

  /// Makes sure that `count` more bytes are there.
  private func need(_ count: Int) throws(GitError) {
    guard count >= 0, count <= remaining else { throw damage("it ends too early") }
  }

  @_lifetime(self: copy self)
  mutating func skip(_ count: Int) throws(GitError) {
    try need(count)
    offset += count
  }

  @_lifetime(self: copy self)
  mutating func byte() throws(GitError) -> UInt8 {
    try need(1)
    defer { offset += 1 }
    return bytes[offset]
  }

  /// A big-endian number.
  @_lifetime(self: copy self)
  mutating func uint16() throws(GitError) -> UInt16 {
    try need(2)
    defer { offset += 2 }
    return UInt16(bytes[offset]) << 8 | UInt16(bytes[offset + 1])
  }

  /// A big-endian number.
  @_lifetime(self: copy self)
  mutating func uint32() throws(GitError) -> UInt32 {
    try need(4)
    defer { offset += 4 }
    return UInt32(bytes[offset]) << 24 | UInt32(bytes[offset + 1]) << 16
      | UInt32(bytes[offset + 2]) << 8 | UInt32(bytes[offset + 3])
  }

  /// A big-endian number.
  @_lifetime(self: copy self)
  mutating func uint64() throws(GitError) -> UInt64 {
    UInt64(try uint32()) << 32 | UInt64(try uint32())
  }

  @_lifetime(self: copy self)
  mutating func id() throws(GitError) -> ObjectID {
    try need(ObjectID.count)
    guard let id = ObjectID(bytes, at: offset) else { throw damage("it ends too early") }
    offset += ObjectID.count
    return id
  }

  /// A number in groups of seven bits, most significant first, each step adding one: the form
  /// of offsets in packs and of lengths in version 4 of the index.
  @_lifetime(self: copy self)
  mutating func offsetNumber() throws(GitError) -> Int {
    var byte = try self.byte()
    var value = Int(byte & 0x7F)
    while byte & 0x80 != 0 {
      guard value < 1 << 48 else { throw damage("a number is too large") }
      byte = try self.byte()
      value = (value + 1) << 7 | Int(byte & 0x7F)
    }
    return value
  }

  /// Appends some of the bytes to `list`.
  func append(_ range: Range<Int>, to list: inout [UInt8]) {
    unsafe bytes.extracting(range).withUnsafeBufferPointer { piece in
      unsafe list.append(contentsOf: piece)
    }
  }

  /// The bytes up to the next `stop`, which is consumed and not returned.
  @_lifetime(self: copy self)
  mutating func string(upTo stop: UInt8) throws(GitError) -> Range<Int> {
    let start = offset
    while offset < end, bytes[offset] != stop { offset += 1 }
    guard offset < end else { throw damage("a string does not end") }
    offset += 1
    return start..<(offset - 1)
  }
}
