internal import CHyperscan

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// Literals compiled by Hyperscan.
@safe
final class Automaton: Sendable {
  /// Nothing writes to a Hyperscan database once it is made.
  nonisolated(unsafe) let handle: OpaquePointer

  private init(owning handle: OpaquePointer) { unsafe self.handle = handle }

  deinit { unsafe hs_free_database(handle) }

  /// Hits from this number on are of no literal.
  ///
  /// Each filler has a number of its own: Hyperscan takes ten seconds over thousands of literals
  /// that share one.
  static let firstFiller: UInt32 = 1 << 31

  /// From how many literals on ``fillers(_:)`` win more than the tenth of a second that it takes to
  /// compile them.
  private static let worthFilling = 3_000
  private static let filled = 10_000

  /// Literals that no text holds, since their bytes are not of UTF-8.
  ///
  /// Hyperscan takes the first table that it asks from how many literals there are: below 5,000 it
  /// is asked about every second byte only, with 13 bits of two; from 10,000 on about every byte,
  /// with 15 (chooseEngine in its src/fdr/fdr_engine_description.cpp). Short literals pass the
  /// smaller one far too often: for the 4,210 without a zero byte of the built-in book the larger
  /// one halves a search, from 0.95 to 0.50 ns a byte on rails' work tree.
  private static func fillers(_ count: Int) -> [Literal] {
    (0..<count).map { number in
      // 24 bits, spread by a multiplication that maps no two numbers to one.
      let bits = number &* 0x9E_3779 & 0xFF_FFFF
      return Literal((0..<8).map { UInt8(0xF8 + bits >> (3 * $0) & 7) })
    }
  }

  /// Compiles literals that are not empty; a hit names its literal by its position.
  convenience init(
    compiling literals: [Literal], for platform: AnchorDatabase.Platform?
  ) throws(MatchingError) {
    let missing = literals.count < Self.worthFilling ? 0 : max(0, Self.filled - literals.count)
    let chosen = literals + Self.fillers(missing)
    let numbers =
      literals.indices.map { UInt32($0) } + (0..<missing).map { Self.firstFiller + UInt32($0) }
    let texts = unsafe chosen.map { literal in
      let text = UnsafeMutablePointer<CChar>.allocate(capacity: literal.bytes.count)
      for i in literal.bytes.indices { unsafe text[i] = CChar(bitPattern: literal.bytes[i]) }
      return unsafe UnsafePointer<CChar>?(text)
    }
    defer { unsafe texts.forEach { text in unsafe text?.deallocate() } }
    let flags = chosen.map { $0.ignoresCase ? UInt32(HS_FLAG_CASELESS) : 0 }
    let sizes = chosen.map(\.bytes.count)

    var target = hs_platform_info_t()
    if let platform {
      target.cpu_features = platform == .avx2 ? UInt64(HS_CPU_FEATURES_AVX2) : 0
    } else {
      unsafe hs_populate_platform(&target)
    }
    var database: OpaquePointer?
    var failure: UnsafeMutablePointer<hs_compile_error_t>?
    let status = unsafe hs_compile_lit_multi(
      texts, flags, numbers, sizes, UInt32(chosen.count),
      UInt32(HS_MODE_BLOCK), &target, &database, &failure)
    defer { unsafe hs_free_compile_error(failure) }
    guard status == HS_SUCCESS, let database = unsafe database else {
      let message = unsafe failure?.pointee.message.map { unsafe String(cString: $0) }
      throw MatchingError(.badPattern, "cannot compile the anchors: \(message ?? "no detail")")
    }
    unsafe self.init(owning: database)
  }

  /// Reads what ``serialized()`` wrote.
  convenience init(serialized: Span<UInt8>) throws(MatchingError) {
    var database: OpaquePointer?
    let status = unsafe serialized.withUnsafeBytes { bytes in
      unsafe hs_deserialize_database(
        bytes.baseAddress?.assumingMemoryBound(to: CChar.self), bytes.count, &database)
    }
    guard status == HS_SUCCESS, let database = unsafe database else {
      throw MatchingError(.foreignDatabase, "Hyperscan refused it with status \(status)")
    }
    unsafe self.init(owning: database)
  }

  /// The automaton as bytes that the same version of the library can read back.
  func serialized() throws(MatchingError) -> [UInt8] {
    var bytes: UnsafeMutablePointer<CChar>?
    var count = 0
    let status = unsafe hs_serialize_database(handle, &bytes, &count)
    guard status == HS_SUCCESS, let bytes = unsafe bytes else {
      throw MatchingError(.badPattern, "Hyperscan cannot serialise: status \(status)")
    }
    defer { unsafe free(bytes) }
    return unsafe Array(UnsafeRawBufferPointer(start: bytes, count: count))
  }
}
