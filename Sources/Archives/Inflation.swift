internal import CZlib

/// Inflates bytes in memory with zlib.
enum Inflation {
  /// The most that is made at a time.
  private static let piece = 1 << 16

  /// What `bytes` inflate to, up to `limit` bytes; as much of it as is right.
  static func inflate(
    _ bytes: Span<UInt8>, limit: Int
  ) -> (made: [UInt8], fault: ContainerFault?) {
    var stream = unsafe z_stream()
    let size = unsafe Int32(MemoryLayout<z_stream>.size)
    guard unsafe inflateInit_(&stream, ZLIB_VERSION, size) == Z_OK else { return ([], .noMemory) }
    defer { _ = unsafe inflateEnd(&stream) }
    var made: [UInt8] = []
    var fault: ContainerFault?
    unsafe bytes.withUnsafeBufferPointer { source in
      guard let start = source.baseAddress else { return }
      unsafe stream.next_in = UnsafeMutablePointer(mutating: start)
      unsafe stream.avail_in = UInt32(clamping: source.count)
      var status = Z_OK
      while status == Z_OK, made.count < limit {
        let wanted = min(Self.piece, limit - made.count)
        let next = unsafe [UInt8](unsafeUninitializedCapacity: wanted) { buffer, count in
          unsafe stream.next_out = buffer.baseAddress
          unsafe stream.avail_out = UInt32(wanted)
          status = unsafe CZlib.inflate(&stream, Z_NO_FLUSH)
          count = unsafe wanted - Int(stream.avail_out)
        }
        made += next
        if status == Z_OK, next.isEmpty { status = Z_BUF_ERROR }
      }
      switch status {
      case Z_STREAM_END: break
      case Z_OK: fault = ContainerFault(.limit, "it holds more than may be unpacked of its file")
      default: fault = ContainerFault(.damaged, "it is damaged (zlib stopped with \(status))")
      }
    }
    return (made, fault)
  }
}
