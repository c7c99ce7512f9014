internal import CZlib
internal import Files

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// Compressed bytes of a file, inflated piece by piece with zlib.
///
/// Memory does not depend on the size of what is inflated: one piece of the file at a time is
/// held.
@safe
struct InflateStream: ~Copyable {
  private let state: UnsafeMutablePointer<z_stream>
  private let file: File
  private var input = ByteBuffer(capacity: Self.piece)
  /// Where in the file the next piece begins.
  private var offset: Int
  /// How many bytes of the piece at hand zlib has taken.
  private var taken = 0
  private(set) var isFinished = false

  private static let piece = 1 << 18

  /// Inflates what begins at `offset` of `file`.
  init(_ file: consuming File, at offset: Int) throws(PackError) {
    let state = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    unsafe state.initialize(to: z_stream())
    let status = unsafe inflateInit_(state, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    guard status == Z_OK else {
      unsafe state.deallocate()
      throw PackError(.refused, "zlib cannot be started: status \(status)")
    }
    unsafe self.state = state
    self.file = file
    self.offset = offset
  }

  deinit {
    unsafe inflateEnd(state)
    unsafe state.deallocate()
  }

  /// Appends up to `count` inflated bytes to `output`, which must have room for them.
  ///
  /// Returns how many came; 0 is the end.
  mutating func read(_ count: Int, into output: inout ByteBuffer) throws(PackError) -> Int {
    var read = 0
    while read < count, !isFinished {
      if taken == input.count {
        input.removeAll()
        taken = 0
        let got = try fill()
        if got == 0 { throw PackError(.damaged, "the compressed bytes end too early") }
        offset += got
      }
      read += try inflate(count - read, into: &output)
    }
    return read
  }

  /// Reads on to the end, where nothing but the checksum may stand.
  mutating func finish() throws(PackError) {
    var rest = ByteBuffer(capacity: 1)
    if try read(1, into: &rest) > 0 { throw PackError(.damaged, "it is longer than it says") }
  }

  private mutating func fill() throws(PackError) -> Int {
    do throws(FileError) {
      return try file.read(Self.piece, at: offset, into: &input)
    } catch {
      throw PackError(.refused, error.reason)
    }
  }

  private mutating func inflate(
    _ count: Int, into output: inout ByteBuffer
  ) throws(PackError) -> Int {
    var status = Z_OK
    let (state, taken) = unsafe (self.state, self.taken)
    var left = 0
    let made = unsafe output.append(atMost: count) { start in
      unsafe input.bytes.withUnsafeBufferPointer { source in
        guard let first = source.baseAddress else { return 0 }
        unsafe state.pointee.next_in = UnsafeMutablePointer(mutating: first + taken)
        unsafe state.pointee.avail_in = UInt32(source.count - taken)
        unsafe state.pointee.next_out = start.assumingMemoryBound(to: UInt8.self)
        unsafe state.pointee.avail_out = UInt32(clamping: count)
        status = unsafe CZlib.inflate(state, Z_NO_FLUSH)
        left = unsafe Int(state.pointee.avail_in)
        return unsafe min(count, Int(UInt32.max)) - Int(state.pointee.avail_out)
      }
    }
    self.taken = input.count - left
    switch status {
    case Z_STREAM_END: isFinished = true
    case Z_OK: break
    case Z_BUF_ERROR where made > 0 || left == 0: break
    default:
      let detail = unsafe state.pointee.msg.map { unsafe String(cString: $0) }
      throw PackError(.damaged, detail ?? "zlib stopped with status \(status)")
    }
    return made
  }
}
