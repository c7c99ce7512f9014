internal import Git

/// What looks at every object of a pack while its bytes are at hand.
///
/// What it returns of an object is kept as long as others are made from that object, and handed
/// to it with each of them: what was found out about bytes that a delta copies need not be found
/// out again.
///
/// A class and not a generic parameter: an object takes microseconds, and a call through a table
/// is nothing beside that.
package protocol PackVisitor: AnyObject {
  /// Looks at an object none of whose bytes were seen.
  func visit(_ entry: PackEntry, whole content: Span<UInt8>) -> (any PackMemory)?

  /// Looks at an object that was made from another with `baseCount` bytes.
  func visit(
    _ entry: PackEntry, content: Span<UInt8>, copied pieces: [CopiedPiece],
    of memory: (any PackMemory)?, baseCount: Int
  ) -> (any PackMemory)?

  /// Is told of an object that cannot be read; what is made from it is told as well.
  func lose(_ entry: PackEntry, _ error: PackError)
}

/// What a visitor remembers of an object.
package protocol PackMemory: AnyObject, Sendable {}

/// One object in a pack.
public struct PackEntry: Equatable, Sendable {
  /// The position among the packs that are swept.
  public let pack: Int
  /// The number of the entry in its pack.
  public let number: Int
  /// The position of its name in the pack's index.
  public let position: Int
  /// Nothing is made from it.
  public let isLeaf: Bool

  /// An entry, by its pack and numbers.
  @inlinable
  public init(pack: Int, number: Int, position: Int, isLeaf: Bool = false) {
    self.pack = pack
    self.number = number
    self.position = position
    self.isLeaf = isLeaf
  }
}

/// A pack that is swept, or that is at hand only so that its objects can be named.
package final class SweptPack: Sendable {
  package let pack: Pack
  /// None, if the pack is not swept.
  package let entries: PackEntries

  /// A pack that is not swept.
  package init(known pack: Pack) {
    self.pack = pack
    entries = PackEntries()
  }

  /// A pack that is swept; the heads of its entries are read on as many threads as `jobs`.
  package init(_ pack: Pack, jobs: Int = 1) throws(PackError) {
    self.pack = pack
    entries = try PackEntries(of: pack, jobs: jobs)
  }
}

/// Goes through delta families: from a whole object outwards every entry is inflated once and
/// every delta applied once.
///
/// Deltas on which few others hang come first, and a base is freed before its last delta is
/// gone into; so of a family of n objects at most ⌈log2 n⌉ + 1 contents are in memory.
@safe
package struct PackWalker: ~Copyable {
  private let packs: [SweptPack]
  private let sources: [Source]
  private let budget: MemoryBudget
  private let account: MemoryAccount
  /// The most bytes of a whole blob that nothing is made from; a larger one is read in windows.
  private static let largest = 64 << 20
  private let inflater: Inflater
  private var pieces: [CopiedPiece] = []
  private var stack: [Frame] = []

  /// Where a walk begins.
  package struct Start: Sendable {
    fileprivate let pack: Int
    fileprivate let entry: Int
    /// The base and what is remembered of it; `nil` for a whole entry.
    fileprivate let base: (content: Content, memory: (any PackMemory)?)?

    package init(pack: Int, entry: Int) {
      self.init(pack: pack, entry: entry, base: nil)
    }

    fileprivate init(pack: Int, entry: Int, base: (content: Content, memory: (any PackMemory)?)?) {
      self.pack = pack
      self.entry = entry
      self.base = base
    }
  }

  /// What is looked at for every entry of a pack.
  ///
  /// A walk takes it once and hands it on: to go through the objects that own it, every time,
  /// would have all workers count their users and wait for one another.
  @safe
  private struct Source {
    let number: Int
    let view: UnsafeRawBufferPointer
    /// Where the bytes of entries end.
    let end: Int
    let entries: PackEntries
  }

  /// An object whose deltas are being gone through.
  private struct Frame {
    let entry: Int
    /// `nil` when it was dropped to save memory.
    var content: Content?
    let count: Int
    let memory: (any PackMemory)?
    var children: [UInt32]
    var next = 0
  }

  package init(_ packs: [SweptPack], budget: MemoryBudget) throws(PackError) {
    inflater = try Inflater()
    self.packs = packs
    sources = packs.enumerated().map { number, pack in
      unsafe Source(
        number: number, view: pack.pack.file.raw, end: pack.pack.file.end, entries: pack.entries)
    }
    self.budget = budget
    account = budget.account()
  }

  /// Goes through everything that hangs on `start`.
  ///
  /// `wantsWork` says whether another worker has nothing to do; then `share` is handed a part
  /// of what is left. `isStopped` ends the walk early.
  package mutating func walk(
    _ start: Start, _ visitor: any PackVisitor, wantsWork: () -> Bool, share: (Start) -> Void,
    isStopped: () -> Bool
  ) {
    let pack = sources[start.pack]
    stack.removeAll(keepingCapacity: true)
    enter(start.entry, of: pack, base: start.base?.content, start.base?.memory, visitor)
    // A frame is looked at where it is: a copy would count the users of all that it holds.
    while !stack.isEmpty {
      if isStopped() { break }
      let last = stack.count - 1
      guard stack[last].next < stack[last].children.count else {
        stack.removeLast()
        continue
      }
      if wantsWork(), let shared = take(of: pack.number) { share(shared) }
      guard stack[last].next < stack[last].children.count else { continue }
      let child = Int(stack[last].children[stack[last].next])
      stack[last].next += 1
      let memory = stack[last].memory
      let content: Content
      do throws(PackError) {
        content = try self.content(ofFrame: last, pack)
      } catch {
        lose(child, of: pack, error, visitor)
        continue
      }
      // The base of the last delta is freed before that is gone into.
      if stack[last].next == stack[last].children.count { stack.removeLast() }
      enter(child, of: pack, base: content, memory, visitor)
    }
    stack.removeAll(keepingCapacity: true)
  }

  // MARK: One entry

  private func name(_ entry: Int, _ pack: Source) -> PackEntry {
    PackEntry(
      pack: pack.number, number: entry, position: pack.entries.position(of: entry),
      isLeaf: !pack.entries.hasChildren(entry))
  }

  /// Makes the content of `entry`, shows it, and puts it on the stack if others hang on it.
  ///
  /// `memory` is what is remembered of `base`.
  private mutating func enter(
    _ entry: Int, of pack: Source, base: Content?, _ memory: (any PackMemory)?,
    _ visitor: any PackVisitor
  ) {
    let content: Content
    do throws(PackError) {
      content =
        if let base {
          try apply(entry, of: pack, to: base)
        } else {
          try inflate(entry, of: pack)
        }
    } catch {
      lose(entry, of: pack, error, visitor)
      return
    }
    let name = name(entry, pack)
    let pieces = pieces
    let made = content.withBytes { bytes in
      if let base {
        visitor.visit(
          name, content: bytes, copied: pieces, of: memory, baseCount: base.count)
      } else {
        visitor.visit(name, whole: bytes)
      }
    }
    if name.isLeaf { return }
    stack.append(
      Frame(
        entry: entry, content: content, count: content.count, memory: made,
        children: pack.entries.children(of: entry)))
    if budget.isExceeded { dropLargest() }
  }

  private mutating func lose(
    _ entry: Int, of pack: Source, _ error: PackError, _ visitor: any PackVisitor
  ) {
    visitor.lose(name(entry, pack), error)
    var waiting = pack.entries.children(of: entry)
    while let next = waiting.popLast() {
      visitor.lose(
        name(Int(next), pack), PackError(error.kind, "what it is made from cannot be read"))
      waiting += pack.entries.children(of: Int(next))
    }
  }

  /// The head of an entry, and its compressed bytes with whatever stands behind them.
  private func open(
    _ entry: Int, of pack: Source
  ) throws(PackError) -> (head: PackFile.Head, compressed: UnsafeRawBufferPointer) {
    let span = unsafe Span<UInt8>(_bytes: RawSpan(_unsafeBytes: pack.view))
    guard let head = PackFile.head(in: span, at: pack.entries.offset(of: entry)) else {
      throw PackError(.damaged, "its head makes no sense")
    }
    let end = pack.entries.end(of: entry, before: pack.end)
    guard head.data < end, Inflater.isPossible(head.header.size, from: end - head.data) else {
      throw PackError(.damaged, "it claims more bytes than its entry can hold")
    }
    return unsafe (head, UnsafeRawBufferPointer(rebasing: pack.view[head.data..<end]))
  }

  private func inflate(_ entry: Int, of pack: Source) throws(PackError) -> Content {
    let (head, compressed) = unsafe try open(entry, of: pack)
    guard head.base == nil else { throw PackError(.damaged, "its head makes no sense") }
    let count = head.header.size
    if count > Self.largest, head.header.kind == .blob, !pack.entries.hasChildren(entry) {
      throw PackError(.large, "it is read piece by piece")
    }
    return unsafe try Content(count: count, account: account) { output throws(PackError) in
      unsafe try inflater.inflate(compressed, to: output, count: count)
    }
  }

  private mutating func apply(
    _ entry: Int, of pack: Source, to base: Content
  ) throws(PackError) -> Content {
    let (head, compressed) = unsafe try open(entry, of: pack)
    guard head.base != nil else { throw PackError(.damaged, "its head makes no sense") }
    var pieces: [CopiedPiece] = []
    swap(&pieces, &self.pieces)
    defer { swap(&pieces, &self.pieces) }
    let instructions = unsafe try inflater.inflate(compressed, count: head.header.size)
    let delta = unsafe try Delta(instructions, baseCount: base.count)
    return unsafe try Content(count: delta.count, account: account) { output throws(PackError) in
      unsafe try delta.apply(to: base.raw, into: output, pieces: &pieces)
    }
  }

  // MARK: Memory

  /// The content of a frame, made again if it was dropped.
  private mutating func content(ofFrame number: Int, _ pack: Source) throws(PackError) -> Content {
    if let content = stack[number].content { return content }
    let content = try make(stack[number].entry, of: pack)
    // With more deltas to come it is kept, as long as there is room.
    if stack[number].next < stack[number].children.count, !budget.isExceeded {
      stack[number].content = content
    }
    return content
  }

  /// Makes the content of an entry from its whole base onwards.
  private mutating func make(_ entry: Int, of pack: Source) throws(PackError) -> Content {
    var chain = [entry]
    while let base = try base(of: chain[chain.count - 1], in: pack) { chain.append(base) }
    var content = try inflate(chain.removeLast(), of: pack)
    while let next = chain.popLast() { content = try apply(next, of: pack, to: content) }
    return content
  }

  private func base(of entry: Int, in pack: Source) throws(PackError) -> Int? {
    let swept = packs[pack.number]
    guard let head = swept.pack.file.head(at: swept.entries.offset(of: entry)) else {
      throw PackError(.damaged, "its head makes no sense")
    }
    let offset: Int
    switch head.base {
    case nil: return nil
    case .offset(let found): offset = found
    case .name(let id):
      guard let position = swept.pack.index.position(of: id) else {
        throw PackError(.damaged, "its base is not there")
      }
      offset = try swept.pack.index.offset(at: position)
    }
    guard let base = swept.entries.entry(at: offset) else {
      throw PackError(.damaged, "its base is not there")
    }
    return base
  }

  /// Drops the largest content that waits, but for the one at hand; it is made again later.
  private mutating func dropLargest() {
    let waiting = stack.indices.dropLast().filter { stack[$0].content != nil }
    guard let largest = waiting.max(by: { stack[$0].count < stack[$1].count }) else { return }
    stack[largest].content = nil
  }

  // MARK: Sharing

  /// Takes what is heaviest of all that waits, for another worker.
  private mutating func take(of pack: Int) -> Start? {
    for i in stack.indices where stack[i].next < stack[i].children.count {
      // The last delta of the frame at hand is this worker's own next step.
      if i == stack.count - 1, stack[i].children.count - stack[i].next < 2 { return nil }
      guard let content = stack[i].content, let child = stack[i].children.popLast() else {
        continue
      }
      return Start(pack: pack, entry: Int(child), base: (content, stack[i].memory))
    }
    return nil
  }
}
