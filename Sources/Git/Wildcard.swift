internal import Bytes

/// A glob of an ignore file, compiled.
///
/// The syntax is git's: `*` and `?` do not match a slash, `**` between slashes matches any
/// number of folders, `[…]` is a set with ranges and POSIX classes, `\` takes the next
/// character as it is. The text is read once, byte by byte, with the set of places in the glob
/// where a match may be; so no glob, however many stars it has, takes more than its length
/// times the text's.
struct Wildcard: Sendable {
  private let steps: [Step]
  private let ignoresCase: Bool
  /// What every text that matches ends in, after the last step that is no byte.
  private let tail: [UInt8]
  /// The steps that may match nothing, in their order.
  private let skippable: [Int]

  private enum Step: Equatable {
    case byte(UInt8)
    /// Any byte but a slash, or any byte at all.
    case any(slash: Bool)
    case set(ByteSet)
    /// Any number of bytes, none a slash or any at all.
    case run(slash: Bool)
    /// Nothing, or any number of bytes the last of which is a slash: what `**/` matches.
    case folders
    /// What can match nothing: a set that does not end, a lone backslash at the end.
    case never

    var mayBeEmpty: Bool {
      switch self {
      case .run, .folders: true
      case .byte, .any, .set, .never: false
      }
    }
  }

  /// Compiles `glob`.
  ///
  /// With `isPath` a slash is matched only by a slash and by `**`; without, the text is one
  /// name, and `**` is `*`.
  init(_ glob: some Collection<UInt8>, isPath: Bool, ignoresCase: Bool) {
    var steps: [Step] = []
    let glob = Array(glob)
    var i = 0
    while i < glob.count {
      switch glob[i] {
      case UInt8(ascii: "\\"):
        steps.append(i + 1 < glob.count ? .byte(glob[i + 1]) : .never)
        i += 2
      case UInt8(ascii: "?"):
        steps.append(.any(slash: !isPath))
        i += 1
      case UInt8(ascii: "["):
        let (set, end) = ByteSet.parse(glob, at: i, ignoresCase: ignoresCase)
        steps.append(set.map { Step.set(isPath ? $0.withoutSlash : $0) } ?? .never)
        i = end
      case UInt8(ascii: "*"):
        let start = i
        while i < glob.count, glob[i] == UInt8(ascii: "*") { i += 1 }
        steps.append(contentsOf: Self.stars(glob, start..<i, isPath: isPath))
        if steps.last == .folders { i += 1 }
      default:
        // What a backslash protects is compared as it is, as git does.
        steps.append(.byte(ignoresCase ? glob[i].lowercased : glob[i]))
        i += 1
      }
    }
    self.steps = steps
    self.ignoresCase = ignoresCase
    var tail: [UInt8] = []
    for step in steps.reversed() {
      guard case .byte(let byte) = step else { break }
      tail.append(byte)
    }
    self.tail = tail.reversed()
    skippable = steps.indices.filter { steps[$0].mayBeEmpty }
  }

  /// What one or more stars stand for.
  private static func stars(_ glob: [UInt8], _ range: Range<Int>, isPath: Bool) -> [Step] {
    let slash = UInt8(ascii: "/")
    guard isPath else { return [.run(slash: true)] }
    guard range.count > 1 else { return [.run(slash: false)] }
    let startsFolder = range.lowerBound == 0 || glob[range.lowerBound - 1] == slash
    let rest = glob[range.upperBound...]
    if startsFolder, rest.first == slash { return [.folders] }
    let endsFolder = rest.isEmpty || rest.starts(with: [UInt8(ascii: "\\"), slash])
    return [.run(slash: startsFolder && endsFolder)]
  }

  /// Whether the whole of `text` matches.
  func matches(_ text: ArraySlice<UInt8>) -> Bool {
    // Most names and most globs end in different bytes, which is seen at once.
    guard text.count >= tail.count else { return false }
    for (byte, expected) in zip(text.suffix(tail.count), tail) where folded(byte) != expected {
      return false
    }
    return steps.count < FewPlaces.limit
      ? walk(text, from: FewPlaces()) : walk(text, from: ManyPlaces(count: steps.count + 1))
  }

  private func folded(_ byte: UInt8) -> UInt8 { ignoresCase ? byte.lowercased : byte }

  private func walk(_ text: ArraySlice<UInt8>, from nowhere: some GlobPlaces) -> Bool {
    // `here` has i: a match may stand before step i. `inside` has i: in the middle of the name of
    // a folder that step i, `**/`, takes.
    var here = nowhere
    var inside = nowhere
    here.insert(0)
    skipEmpty(&here)
    for byte in text {
      let byte = folded(byte)
      var next = nowhere
      var nextInside = nowhere
      here.forEach(or: inside) { i in
        // Nothing comes after the end.
        guard i < steps.count else { return }
        switch steps[i] {
        case .byte(let expected): if byte == expected { next.insert(i + 1) }
        case .any(let slash): if slash || byte != UInt8(ascii: "/") { next.insert(i + 1) }
        case .set(let set): if set.contains(byte) { next.insert(i + 1) }
        case .run(let slash): if slash || byte != UInt8(ascii: "/") { next.insert(i) }
        case .folders:
          if byte == UInt8(ascii: "/") { next.insert(i) } else { nextInside.insert(i) }
        case .never: break
        }
      }
      skipEmpty(&next)
      (here, inside) = (next, nextInside)
      if here.isEmpty, inside.isEmpty { return false }
    }
    return here.contains(steps.count)
  }

  /// Steps that may match nothing let what follows them begin at once.
  private func skipEmpty(_ places: inout some GlobPlaces) {
    for i in skippable where places.contains(i) { places.insert(i + 1) }
  }
}

/// A set of places in a glob, each by the number of the step that it stands before.
private protocol GlobPlaces {
  var isEmpty: Bool { get }
  func contains(_ place: Int) -> Bool
  mutating func insert(_ place: Int)
  /// Calls `body` for every place that is in this set or in `other`.
  func forEach(or other: Self, _ body: (Int) -> Void)
}

/// The places of all but the longest globs: no memory is asked for while matching.
private struct FewPlaces: GlobPlaces {
  static let limit = UInt64.bitWidth
  private var bits: UInt64 = 0

  var isEmpty: Bool { bits == 0 }

  func contains(_ place: Int) -> Bool { bits >> UInt64(place) & 1 == 1 }

  mutating func insert(_ place: Int) { bits |= 1 << UInt64(place) }

  func forEach(or other: Self, _ body: (Int) -> Void) {
    var rest = bits | other.bits
    while rest != 0 {
      body(rest.trailingZeroBitCount)
      rest &= rest - 1
    }
  }
}

/// Any number of places.
private struct ManyPlaces: GlobPlaces {
  private var flags: [Bool]

  init(count: Int) { flags = Array(repeating: false, count: count) }

  var isEmpty: Bool { !flags.contains(true) }

  func contains(_ place: Int) -> Bool { flags[place] }

  mutating func insert(_ place: Int) { flags[place] = true }

  func forEach(or other: Self, _ body: (Int) -> Void) {
    for i in flags.indices where flags[i] || other.flags[i] { body(i) }
  }
}

extension ByteSet {
  /// The set without the slash, which no set matches in a path.
  fileprivate var withoutSlash: ByteSet {
    var rest = self
    rest.remove(UInt8(ascii: "/"))
    return rest
  }

  /// Reads the set that begins with the bracket at `start`.
  ///
  /// Returns it and the position after it; `nil` for one that does not end or names a class
  /// that does not exist, which matches nothing.
  static func parse(
    _ glob: [UInt8], at start: Int, ignoresCase: Bool
  ) -> (ByteSet?, end: Int) {
    var set = ByteSet()
    var i = start + 1
    let isNegated = i < glob.count && (glob[i] == UInt8(ascii: "!") || glob[i] == UInt8(ascii: "^"))
    if isNegated { i += 1 }
    // The first character belongs to the set, even if it is the closing bracket.
    var isFirst = true
    var previous: UInt8?
    while i < glob.count, isFirst || glob[i] != UInt8(ascii: "]") {
      isFirst = false
      var byte = glob[i]
      if byte == UInt8(ascii: "-"), let low = previous, i + 1 < glob.count,
        glob[i + 1] != UInt8(ascii: "]")
      {
        i += 1
        if glob[i] == UInt8(ascii: "\\") {
          i += 1
          guard i < glob.count else { return (nil, glob.count) }
        }
        set.insert(low, through: glob[i], ignoresCase: ignoresCase)
        previous = nil
      } else if byte == UInt8(ascii: "["), i + 1 < glob.count, glob[i + 1] == UInt8(ascii: ":") {
        guard let close = glob[(i + 2)...].firstIndex(of: UInt8(ascii: "]")) else {
          return (nil, glob.count)
        }
        if close > i + 2, glob[close - 1] == UInt8(ascii: ":") {
          let name = String(decoding: glob[(i + 2)..<(close - 1)], as: UTF8.self)
          guard let members = Self.members(of: name, ignoresCase: ignoresCase) else {
            return (nil, glob.count)
          }
          members.forEach { set.insert($0) }
          i = close
          previous = nil
        } else {
          set.insert(byte)
          previous = byte
        }
      } else {
        if byte == UInt8(ascii: "\\") {
          i += 1
          guard i < glob.count else { return (nil, glob.count) }
          byte = glob[i]
        }
        set.insert(byte)
        previous = byte
      }
      i += 1
    }
    guard i < glob.count else { return (nil, glob.count) }
    return (isNegated ? set.inverted : set, i + 1)
  }

  private mutating func insert(_ low: UInt8, through high: UInt8, ignoresCase: Bool) {
    guard low <= high else { return }
    for byte in low...high {
      insert(byte)
      // The text is in small letters by then, the range need not be.
      if ignoresCase { insert(byte.lowercased) }
    }
  }

  /// The members of a POSIX class in the C locale; `nil` if there is no class of that name.
  private static func members(of name: String, ignoresCase: Bool) -> [UInt8]? {
    let ascii = UInt8(0)...127
    func filter(_ isMember: (UInt8) -> Bool) -> [UInt8] { ascii.filter(isMember) }
    let isUpper = { (b: UInt8) in (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(b) }
    let isLower = { (b: UInt8) in (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(b) }
    let isDigit = { (b: UInt8) in (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(b) }
    let isGraph = { (b: UInt8) in (0x21...0x7E).contains(b) }
    return switch name {
    case "alnum": filter { isUpper($0) || isLower($0) || isDigit($0) }
    case "alpha": filter { isUpper($0) || isLower($0) }
    case "blank": [0x20, 0x09]
    case "cntrl": filter { $0 < 0x20 || $0 == 0x7F }
    case "digit": filter(isDigit)
    case "graph": filter(isGraph)
    case "lower": filter(isLower)
    case "print": filter { (0x20...0x7E).contains($0) }
    case "punct": filter { isGraph($0) && !isUpper($0) && !isLower($0) && !isDigit($0) }
    case "space": [0x20, 0x09, 0x0A, 0x0B, 0x0C, 0x0D]
    case "upper": filter { isUpper($0) || ignoresCase && isLower($0) }
    case "xdigit":
      filter { isDigit($0) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0.lowercased) }
    default: nil
    }
  }
}
