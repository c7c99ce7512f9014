internal import Bytes
internal import Rules

/// Makes texts that an expression probably matches, with fill-ins for what looks like a secret.
struct ExampleText {
  /// How many characters of an unbounded secret are made.
  private static let usual = 24

  /// The group that is the secret; `nil` for the whole.
  private let secret: Int?
  /// What need not be there is left out, or is one sign: between words something must stand.
  private let isShort: Bool

  /// Texts to try, the shortest first; none if only characters that nobody can see would do.
  static func texts(for pattern: ForeignPattern, secret: Int?) -> [String] {
    var texts: [String] = []
    for isShort in [true, false] {
      let maker = ExampleText(secret: secret, isShort: isShort)
      guard let text = maker.make(pattern, isSecret: secret == nil), !texts.contains(text) else {
        continue
      }
      texts.append(text)
    }
    // By chance one of several looks like a placeholder; other letters before it make another.
    return (0..<4).flatMap { count in
      texts.map { count == 0 ? $0 : "{lower \(count)} \($0)" }
    }
  }

  private func make(_ pattern: ForeignPattern, isSecret: Bool) -> String? {
    switch pattern {
    case .empty, .assertion: return ""
    case .literal(let bytes, _):
      return bytes.allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 == 0x0A }
        ? String(decoding: bytes, as: UTF8.self) : nil
    case .set(let set): return isSecret ? fill(set, 1) : sign(of: set) ?? fill(set, 1)
    case .group(let inner, let number):
      return make(inner, isSecret: isSecret || number == secret && secret != nil)
    case .alternatives(let parts):
      for part in parts {
        if let text = make(part, isSecret: isSecret) { return text }
      }
      return nil
    case .sequence(let parts):
      var text = ""
      for part in parts {
        guard let one = make(part, isSecret: isSecret) else { return nil }
        text += one
      }
      return text
    case .repetition(let inner, let least, let most, _):
      let holdsSecret = secret.map { inner.always(passes: $0) } ?? false
      var count = least
      if case .set(let set) = inner, !holdsSecret {
        let isRandom = set.members.count { ByteSet.alphanumerics.contains($0) } >= 10
        if isSecret, isRandom { count = min(most ?? .max, max(least, Self.usual)) }
        if count == 0, !isShort, let sign = sign(of: set) { return sign }
        return fill(set, count)
      }
      // Between words something must stand, however it is written.
      let isSign = !isShort && inner.widths.most == 1
      if isSecret || holdsSecret || isSign { count = min(most ?? .max, max(least, 1)) }
      guard let one = make(inner, isSecret: isSecret) else { return nil }
      return String(repeating: one, count: count)
    }
  }

  /// A sign of a set that stands between words.
  private func sign(of set: ByteSet) -> String? {
    " =:\"'".utf8.first(where: set.contains).map { String(Unicode.Scalar($0)) }
  }

  /// So many characters of a set.
  private func fill(_ set: ByteSet, _ count: Int) -> String? {
    if count == 0 { return "" }
    // The largest alphabet of which the set has every character.
    let fitting = FillIn.alphabets.filter { $0.value.utf8.allSatisfy(set.contains) }
    let best = fitting.max {
      ($0.value.utf8.count, $1.key) < ($1.value.utf8.count, $0.key)
    }
    if let best { return "{\(best.key) \(count)}" }
    let plain = set.members.filter { (0x21..<0x7F).contains($0) && $0 != UInt8(ascii: "}") }
    if plain.count == 1 || count == 1, let only = plain.first {
      return String(repeating: String(Unicode.Scalar(only)), count: count)
    }
    if !plain.isEmpty { return "{from \(String(decoding: plain, as: UTF8.self)) \(count)}" }
    if set.contains(0x20) { return String(repeating: " ", count: count) }
    return set.contains(0x0A) ? String(repeating: "\n", count: count) : nil
  }
}
