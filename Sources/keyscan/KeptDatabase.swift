import Matching
import Rules
import Store

/// The anchor database of a book with private rules, kept in the user's cache folder: to compile
/// one takes as long as all else at start, many times over.
enum KeptDatabase {
  /// How many databases may be kept; a new one takes the place of an old one.
  private static let most: UInt8 = 8
  private static let edition = Array("anchors 1".utf8)

  /// Takes the database that an earlier run kept, or compiles it and keeps it.
  static func database(
    for book: RuleBook, _ console: Console
  ) throws(MatchingError) -> AnchorDatabase {
    let (digest, lengths) = (book.table.digest, book.table.lengths)
    let name = "anchors-\((digest.first ?? 0) % most)"
    let store = store(console)
    if let content = store?.contents(of: name), content.starts(with: digest) {
      let serialized = content.span.extracting(digest.count...)
      // Another version of the library refuses it.
      if let kept = try? AnchorDatabase(serialized: serialized, lengths: lengths) { return kept }
    }
    let made = try AnchorDatabase(compiling: book.literals())
    do throws(StoreError) {
      if let store, let bytes = try? made.serialized() { try store.put(digest + bytes, as: name) }
    } catch {
      console.detail("the anchor database is not kept: \(error)")
    }
    return made
  }

  private static func store(_ console: Console) -> Store? {
    if console.settings.noCache { return nil }
    do throws(StoreError) {
      return try Store(named: "rules", edition: edition, key: SealKey.ofUser())
    } catch {
      console.detail("the anchor database is not kept: \(error)")
      return nil
    }
  }
}
