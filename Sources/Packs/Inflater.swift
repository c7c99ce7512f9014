internal import CDeflate

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// Inflates whole entries of packs with libdeflate, which is faster than zlib and needs to know
/// the sizes.
///
/// A worker owns one; it holds no state from one entry to the next but its memory.
@safe
final class Inflater {
  private let handle: OpaquePointer
  private var scratch: UnsafeMutableRawPointer?
  private var scratchCount = 0

  /// The most that deflate makes of one byte (RFC 1951: 258 bytes from two bits).
  private static let greatestRatio = 1032

  init() throws(PackError) {
    guard let handle = unsafe libdeflate_alloc_decompressor() else {
      throw PackError(.refused, "there is no memory for libdeflate")
    }
    unsafe self.handle = handle
  }

  deinit {
    unsafe libdeflate_free_decompressor(handle)
    unsafe free(scratch)
  }

  /// Whether `compressed` bytes can be as many as `count` when they are inflated.
  static func isPossible(_ count: Int, from compressed: Int) -> Bool {
    count <= compressed.multipliedReportingOverflow(by: greatestRatio).partialValue + 1032
  }

  /// Inflates `compressed`, which may have more behind it, into exactly `count` bytes.
  func inflate(
    _ compressed: UnsafeRawBufferPointer, to output: UnsafeMutableRawPointer, count: Int
  ) throws(PackError) {
    var (taken, made) = (0, 0)
    let status = unsafe libdeflate_zlib_decompress_ex(
      handle, compressed.baseAddress, compressed.count, output, count, &taken, &made)
    guard status == LIBDEFLATE_SUCCESS, made == count else {
      throw PackError(
        .damaged,
        status == LIBDEFLATE_INSUFFICIENT_SPACE
          ? "it inflates to more bytes than it says" : "its compressed bytes are damaged")
    }
  }

  /// Inflates `compressed` into memory of the inflater's own, which the next call overwrites.
  func inflate(
    _ compressed: UnsafeRawBufferPointer, count: Int
  ) throws(PackError) -> UnsafeRawBufferPointer {
    if scratchCount < count {
      unsafe free(scratch)
      scratchCount = max(count, 1 << 16)
      unsafe scratch = malloc(scratchCount)
    }
    guard let scratch = unsafe scratch else {
      scratchCount = 0
      throw PackError(.refused, "there is no memory for its \(count) bytes")
    }
    unsafe try inflate(compressed, to: scratch, count: count)
    return unsafe UnsafeRawBufferPointer(start: scratch, count: count)
  }
}
