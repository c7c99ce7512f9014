internal import Crypto
package import Model
package import Store

/// Verdicts of earlier runs, each for a while.
///
/// A secret is kept as an HMAC of it with a key of the user's own, so that nobody who has the file
/// can try out what it was; nothing of an answer is kept but what the verdict says.
package actor VerdictCache: VerdictMemory {
  private let store: Store
  private let key: SymmetricKey
  private let now: @Sendable () -> Int
  private var entries: [[UInt8]: Entry] = [:]
  private var isChanged = false

  private struct Entry {
    let verdict: Verdict
    /// In seconds since 1970.
    let end: Int
  }

  private static let name = "verdicts"
  /// The most entries that are kept; the oldest go first.
  private static let limit = 100_000

  /// How long a verdict is good for, in seconds: what is alive may be revoked soon, what is dead may
  /// be restored, and what does not tell is asked again.
  package static func life(of outcome: Verdict.Outcome) -> Int? {
    switch outcome.state {
    case .live: outcome == .rateLimited ? nil : 3600
    case .dead: 24 * 3600
    case .unknown, .notChecked: nil
    }
  }

  /// Reads what earlier runs kept, in `folder` or the user's cache folder; what another version kept
  /// is left alone.
  package init(
    edition: String, key: SealKey, in folder: [UInt8]? = nil, now: @escaping @Sendable () -> Int
  ) throws(StoreError) {
    store = try Store(named: "live-checks", in: folder, edition: Array(edition.utf8), key: key)
    self.key = SymmetricKey(data: key.key(for: "verdicts"))
    self.now = now
    guard let content = store.contents(of: Self.name) else { return }
    var reader = ByteReader(content)
    let kept = try? reader.each { reader throws(StoreError) in
      let tag = try reader.array()
      let end = try reader.number()
      return (tag, end, try Self.verdict(from: &reader))
    }
    let time = now()
    for (tag, end, verdict) in kept ?? [] where end > time {
      if let verdict { entries[tag] = Entry(verdict: verdict, end: end) }
    }
  }

  package func verdict(on credential: Credential) -> Verdict? {
    guard let entry = entries[tag(of: credential)], entry.end > now() else { return nil }
    var verdict = entry.verdict
    verdict.isKept = true
    return verdict
  }

  package func keep(_ verdict: Verdict, on credential: Credential) {
    guard let life = Self.life(of: verdict.outcome) else { return }
    entries[tag(of: credential)] = Entry(verdict: verdict, end: now() + life)
    isChanged = true
  }

  /// Writes what is known for the next run.
  package func save() throws(StoreError) {
    guard isChanged else { return }
    let kept = entries.sorted {
      ($0.value.end, $0.key.first ?? 0) > ($1.value.end, $1.key.first ?? 0)
    }
    .prefix(Self.limit)
    var writer = ByteWriter()
    writer.add(each: kept) { writer, entry in
      writer.add(entry.key)
      writer.add(entry.value.end)
      Self.write(entry.value.verdict, to: &writer)
    }
    try store.put(writer.bytes, as: Self.name)
    isChanged = false
  }

  private func tag(of credential: Credential) -> [UInt8] {
    var code = HMAC<SHA256>(key: key)
    var writer = ByteWriter()
    writer.add(credential.rule.description)
    writer.add(credential.secret.exposed)
    for partner in credential.partners { writer.add(partner.secret.exposed) }
    code.update(data: writer.bytes)
    return Array(code.finalize())
  }

  // MARK: A verdict in bytes

  private static func write(_ verdict: Verdict, to writer: inout ByteWriter) {
    writer.add(verdict.outcome.rawValue)
    writer.add(verdict.reason)
    writer.add(verdict.checkedAt) { $0.add($1) }
    writer.add(each: verdict.toDo) { $0.add($1) }
    writer.add(each: verdict.opens) { writer, opened in
      writer.add(opened.service)
      writer.add(opened.outcome.rawValue)
      writer.add(opened.detail) { $0.add($1) }
    }
    writer.add(verdict.project) { writer, project in
      writer.add(project.number) { $0.add($1) }
      writer.add(project.id) { $0.add($1) }
    }
  }

  /// `nil` for one whose outcome this version does not know.
  private static func verdict(from reader: inout ByteReader) throws(StoreError) -> Verdict? {
    let outcome = Verdict.Outcome(rawValue: try reader.text())
    let reason = try reader.text()
    let time = try reader.optional { reader throws(StoreError) in try reader.number() }
    let toDo = try reader.each { reader throws(StoreError) in try reader.text() }
    let opens = try reader.each { reader throws(StoreError) -> Verdict.Opened? in
      let service = try reader.text()
      let outcome = Verdict.Outcome(rawValue: try reader.text())
      let detail = try reader.optional { reader throws(StoreError) in try reader.text() }
      return outcome.map { .init(service: service, outcome: $0, detail: detail) }
    }
    let project = try reader.optional { reader throws(StoreError) -> CloudProject? in
      let number = try reader.optional { reader throws(StoreError) in try reader.text() }
      let id = try reader.optional { reader throws(StoreError) in try reader.text() }
      return CloudProject(number: number, id: id)
    }
    guard let outcome else { return nil }
    var verdict = Verdict(outcome, reason: reason, checkedAt: time, toDo: toDo)
    verdict.opens = opens.compactMap { $0 }
    verdict.project = project ?? nil
    return verdict
  }
}
