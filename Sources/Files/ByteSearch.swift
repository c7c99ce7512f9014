#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// What is done with many bytes at once.
package enum ByteSearch {
  /// How often `byte` stands in a piece of `bytes`.
  package static func count(_ byte: UInt8, in bytes: Span<UInt8>, _ range: Range<Int>) -> Int {
    unsafe bytes.extracting(range).withUnsafeBufferPointer { piece in
      // A sum of comparisons over unchecked memory is what compilers make vectors of.
      var count = 0
      for i in 0..<piece.count where unsafe piece[i] == byte { count &+= 1 }
      return count
    }
  }

  /// The last place of `byte` in a piece of `bytes`; `nil` if it is not there.
  package static func last(_ byte: UInt8, in bytes: Span<UInt8>, _ range: Range<Int>) -> Int? {
    unsafe bytes.extracting(range).withUnsafeBytes { piece in
      var i = piece.count - 1
      while i >= 0 {
        if unsafe piece[i] == byte { return range.lowerBound + i }
        i -= 1
      }
      return nil
    }
  }

  /// A hash of `bytes`, keyed anew in every run of the program.
  package static func hash(of bytes: Span<UInt8>) -> Int {
    var hasher = Hasher()
    unsafe bytes.withUnsafeBytes { bytes in unsafe hasher.combine(bytes: bytes) }
    return hasher.finalize()
  }
}
