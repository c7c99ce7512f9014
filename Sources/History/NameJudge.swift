internal import Files
internal import Matching
internal import Model
internal import Scanning

/// Judges names of files and folders, each once.
struct NameJudge: ~Copyable {
  private var detector: Detector
  private let isNoteworthy: @Sendable ([UInt8]) -> Bool
  private var judgements: [Judgement] = []
  /// The names that were judged, one after the other.
  private var bytes: [UInt8] = []
  /// The position of what came of a name, by its hash: Swift's hashes are keyed anew in every
  /// run, so nobody can make two names collide.
  private var positions: [Int: Int] = [:]

  struct Judgement {
    /// Where the name is among all.
    fileprivate let name: Range<UInt32>
    /// A rule finds files with this name.
    let isNoteworthy: Bool
    /// The name holds a secret.
    let isSpeaking: Bool
    /// The name's number in a table, once it was asked for.
    fileprivate var number: UInt32?
  }

  init(
    _ compiled: CompiledBook, isNoteworthy: @escaping @Sendable ([UInt8]) -> Bool
  ) throws(MatchingError) {
    let detector = try Detector(compiled)
    self.detector = detector
    self.isNoteworthy = isNoteworthy
  }

  subscript(position: Int) -> Judgement { judgements[position] }

  /// The position of the judgement of a name.
  mutating func judge(_ name: Span<UInt8>, lose: (Gap) -> Void) -> Int {
    let hash = ByteSearch.hash(of: name)
    if let known = positions[hash] { return known }
    let bytes = name.indices.map { name[$0] }
    var isSpeaking = false
    do throws(MatchingError) {
      isSpeaking = try !detector.secrets(in: name).isEmpty
    } catch {
      lose(
        Gap(.engineLimit, subject: ForeignText(bytes), reason: ForeignText(error.reason)))
    }
    positions[hash] = judgements.count
    let start = UInt32(self.bytes.count)
    self.bytes += bytes
    judgements.append(
      Judgement(
        name: start..<UInt32(self.bytes.count), isNoteworthy: isNoteworthy(bytes),
        isSpeaking: isSpeaking))
    return judgements.count - 1
  }

  /// Whether the judgement at `position` is of `name`.
  func isName(_ name: Span<UInt8>, _ position: Int) -> Bool {
    let known = judgements[position].name
    guard known.count == name.count else { return false }
    let start = Int(known.lowerBound)
    for i in 0..<name.count where name[i] != bytes[start + i] { return false }
    return true
  }

  /// The number of the name whose judgement is at `position`, if it was asked for before.
  func number(of position: Int) -> UInt32? { judgements[position].number }

  /// The number in `table` of the name whose judgement is at `position`.
  mutating func number(
    of position: Int, in table: NameTable, _ name: Span<UInt8>
  ) -> UInt32 {
    if let known = judgements[position].number { return known }
    let number = table.number(of: name.indices.map { name[$0] })
    judgements[position].number = number
    return number
  }
}
