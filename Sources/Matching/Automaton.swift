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

  /// Compiles those of `literals` that `numbers` names, which are not empty.
  ///
  /// A hit names its literal by that number.
  convenience init(
    compiling literals: [Literal], _ numbers: [Int], for platform: AnchorDatabase.Platform?
  ) throws(MatchingError) {
    let chosen = numbers.map { literals[$0] }
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
      texts, flags, numbers.map { UInt32($0) }, sizes, UInt32(chosen.count),
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
