import Matching
import Rules
import Store

/// What is kept of private rules between runs, in the user's cache folder: to work it out takes
/// several times as long as all else at start.
struct KeptRules {
  /// How many databases may be kept; a new one takes the place of an old one.
  private static let most: UInt8 = 8
  /// The most patterns whose widths are kept.
  private static let mostWidths = 10_000
  private static let widthsName = "widths"

  private let store: Store?
  private let console: Console
  private let known: [String: ClosedRange<Int>]
  /// What is known of patterns.
  let widths: PatternWidths

  /// `edition` is that of the program.
  init(edition: [UInt8], _ console: Console) {
    self.console = console
    let store = Self.store(edition, console)
    self.store = store
    let kept = store?.contents(of: Self.widthsName).flatMap { try? Self.widths(in: $0) }
    known = kept ?? [:]
    widths = PatternWidths(known: known)
  }

  /// Takes the database of a book that an earlier run kept, or compiles it and keeps it.
  func database(for book: RuleBook) throws(MatchingError) -> AnchorDatabase {
    let (digest, lengths) = (book.table.digest, book.table.lengths)
    let name = "anchors-\((digest.first ?? 0) % Self.most)"
    if let content = store?.contents(of: name), content.starts(with: digest) {
      let serialized = content.span.extracting(digest.count...)
      // Another version of the library refuses it.
      if let kept = try? AnchorDatabase(serialized: serialized, lengths: lengths) { return kept }
    }
    console.detail(
      "the anchor database was compiled at start: these rules are not the built-in book")
    let made = try AnchorDatabase(compiling: book.literals())
    if let bytes = try? made.serialized() { keep(digest + bytes, as: name) }
    return made
  }

  /// Keeps what was learned of patterns.
  func keepWidths() {
    let all = widths.all
    guard store != nil, all.count > known.count, all.count <= Self.mostWidths else { return }
    var writer = ByteWriter()
    writer.add(each: all) { writer, entry in
      writer.add(entry.key)
      writer.add(entry.value.lowerBound)
      writer.add(entry.value.upperBound)
    }
    keep(writer.bytes, as: Self.widthsName)
  }

  private static func widths(in content: [UInt8]) throws(StoreError) -> [String: ClosedRange<Int>] {
    var reader = ByteReader(content)
    var widths: [String: ClosedRange<Int>] = [:]
    for _ in 0..<(try reader.number()) {
      let (text, least, most) = (try reader.text(), try reader.number(), try reader.number())
      guard least <= most else { throw StoreError("a width is no width") }
      widths[text] = least...most
    }
    return widths
  }

  private func keep(_ content: [UInt8], as name: String) {
    do throws(StoreError) {
      try store?.put(content, as: name)
    } catch {
      console.detail("nothing is kept of private rules: \(error)")
    }
  }

  private static func store(_ edition: [UInt8], _ console: Console) -> Store? {
    if console.settings.noCache { return nil }
    do throws(StoreError) {
      return try Store(named: "rules", edition: edition, key: SealKey.ofUser())
    } catch {
      console.detail("nothing is kept of private rules: \(error)")
      return nil
    }
  }
}
