internal import CHyperscan
internal import CPCRE2

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// One pattern, compiled to be matched exactly and to tell its captures apart.
@safe
package final class Pattern: Sendable {
  /// Nothing writes to compiled code once it is made.
  fileprivate nonisolated(unsafe) let code: OpaquePointer
  /// How many pairs of offsets a match has: the whole and each group.
  fileprivate let pairs: Int
  /// Which group is named `secret`; 0, the whole match, if none is.
  package let secretGroup: Int
  /// Whose code this is, if it is another's.
  private let owner: Pattern?

  /// Compiles `text` in PCRE2's syntax, over bytes: `.` matches any byte but a line feed.
  package init(_ text: String) throws(MatchingError) {
    var failure: CInt = 0
    var offset = 0
    let options = PCRE2_NEVER_BACKSLASH_C | PCRE2_USE_OFFSET_LIMIT | PCRE2_DOLLAR_ENDONLY
    let code = unsafe pcre2_compile_8(
      text, text.utf8.count, UInt32(options), &failure, &offset, nil)
    guard let code = unsafe code else {
      throw MatchingError(.badPattern, "\(Self.message(failure)) at character \(offset + 1)")
    }
    // Where there is no JIT for the processor, PCRE2 interprets: slower, with the same answer.
    unsafe _ = pcre2_jit_compile_8(code, UInt32(PCRE2_JIT_COMPLETE))
    var groups: UInt32 = 0
    unsafe pcre2_pattern_info_8(code, UInt32(PCRE2_INFO_CAPTURECOUNT), &groups)
    unsafe self.code = code
    pairs = Int(groups) + 1
    let secret = unsafe pcre2_substring_number_from_name_8(code, "secret")
    secretGroup = max(0, Int(secret))
    owner = nil
  }

  private init(of owner: Pattern) {
    unsafe code = owner.code
    (pairs, secretGroup) = (owner.pairs, owner.secretGroup)
    self.owner = owner
  }

  deinit {
    if owner == nil { unsafe pcre2_code_free_8(code) }
  }

  /// The same pattern for one worker alone.
  ///
  /// To count the users of one that all workers match with would have them wait for one another.
  package func forOneWorker() -> Pattern { Pattern(of: owner ?? self) }

  fileprivate static func message(_ code: CInt) -> String {
    let text = unsafe [UInt8](unsafeUninitializedCapacity: 256) { buffer, count in
      count = unsafe max(0, Int(pcre2_get_error_message_8(code, buffer.baseAddress, 256)))
    }
    return text.isEmpty ? "error \(code)" : String(decoding: text, as: UTF8.self)
  }

  /// The fewest and the most bytes that a match of `text` spans.
  ///
  /// Throws if there is no most: what decides whether a match is judged in a small window is
  /// that every repetition is bounded.
  package static func widths(of text: String) throws(MatchingError) -> ClosedRange<Int> {
    var info: UnsafeMutablePointer<hs_expr_info_t>?
    var failure: UnsafeMutablePointer<hs_compile_error_t>?
    let status = unsafe hs_expression_info(text, 0, &info, &failure)
    defer {
      unsafe free(info)
      unsafe hs_free_compile_error(failure)
    }
    guard status == HS_SUCCESS, let info = unsafe info else {
      let message = unsafe failure?.pointee.message.map { unsafe String(cString: $0) }
      throw MatchingError(.badPattern, message ?? "status \(status)")
    }
    let (least, most) = unsafe (info.pointee.min_width, info.pointee.max_width)
    guard most != UInt32.max else {
      throw MatchingError(.badPattern, "a match has no greatest length; bound every repetition")
    }
    return Int(least)...Int(most)
  }
}

/// The working memory of one matcher; each worker owns one.
@safe
package struct Matcher: ~Copyable {
  private var data: OpaquePointer
  private let context: OpaquePointer
  private let stack: OpaquePointer
  private var pairs = 16
  private var last = 0

  package init() {
    guard let data = unsafe pcre2_match_data_create_8(16, nil),
      let context = unsafe pcre2_match_context_create_8(nil),
      // PCRE2's own JIT stack is 32 KiB, too little for patterns of several thousand bytes.
      let stack = unsafe pcre2_jit_stack_create_8(1 << 15, 1 << 20, nil)
    else { preconditionFailure("out of memory") }
    unsafe pcre2_set_match_limit_8(context, 1_000_000)
    unsafe pcre2_jit_stack_assign_8(context, nil, UnsafeMutableRawPointer(stack))
    unsafe self.data = data
    unsafe self.context = context
    unsafe self.stack = stack
  }

  deinit {
    unsafe pcre2_match_data_free_8(data)
    unsafe pcre2_match_context_free_8(context)
    unsafe pcre2_jit_stack_free_8(stack)
  }

  /// Finds the first match of `pattern` that starts in `starts` and ends at `end` at the latest.
  ///
  /// Returns whether there is one; ``range(of:)`` then tells where. Bytes from `end` on are
  /// not looked at. Throws when PCRE2 reaches a limit: that is no answer.
  package mutating func find(
    _ pattern: Pattern, in bytes: Span<UInt8>, startingIn starts: ClosedRange<Int>, end: Int
  ) throws(MatchingError) -> Bool {
    precondition(
      starts.lowerBound >= 0 && starts.upperBound <= end && end <= bytes.count,
      "a search outside of the content")
    if pattern.pairs > pairs {
      guard let larger = unsafe pcre2_match_data_create_8(UInt32(pattern.pairs), nil) else {
        preconditionFailure("out of memory")
      }
      unsafe pcre2_match_data_free_8(data)
      unsafe data = larger
      pairs = pattern.pairs
    }
    unsafe pcre2_set_offset_limit_8(context, starts.upperBound)
    let count = unsafe bytes.withUnsafeBufferPointer { bytes in
      unsafe pcre2_match_8(
        pattern.code, bytes.baseAddress, end, starts.lowerBound, 0, data, context)
    }
    if count == PCRE2_ERROR_NOMATCH { return false }
    guard count > 0 else {
      throw MatchingError(.limit, Pattern.message(count))
    }
    last = Int(count)
    return true
  }

  /// Where a group of the last match stands; `nil` if the group took no part in it.
  ///
  /// Group 0 is the whole match.
  package func range(of group: Int) -> Range<Int>? {
    guard group < last, let offsets = unsafe pcre2_get_ovector_pointer_8(data) else { return nil }
    let (lower, upper) = unsafe (offsets[2 * group], offsets[2 * group + 1])
    return lower <= upper && upper != Int(bitPattern: ~0) ? lower..<upper : nil
  }
}
