internal import Archives
internal import Files
internal import Git
internal import Inputs
internal import Matching
internal import Model

/// What came of looking into one file.
struct Look {
  var budget: ContainerBudget
  /// What is in it, before anything was decided that depends on its path.
  var items: [ScannedItem] = []
  /// How many matches are in them.
  var matches = 0
  /// The path of everything that is packed in it.
  var names: [[UInt8]] = []
  /// What was not looked at: where the first of the kind is, and how many there are.
  var gaps: [String: (subject: [UInt8], count: Int)] = [:]

  mutating func note(_ fault: ContainerFault, _ kind: ContainerKind, at path: [UInt8]) {
    let reason = "\(kind.rawValue): \(fault.reason)"
    gaps[reason] = (gaps[reason]?.subject ?? path, (gaps[reason]?.count ?? 0) + 1)
  }

  /// The same in a file at another path.
  func moved(from path: [UInt8], to other: Item) -> Look {
    var look = self
    for i in look.items.indices {
      let own = other.path + look.items[i].item.path.dropFirst(path.count)
      let isName = look.items[i].item.isName
      look.items[i].item = other.packed(at: own)
      if isName { look.items[i].item = look.items[i].item.asName }
    }
    for reason in Array(look.gaps.keys) {
      look.gaps[reason]?.subject.replaceSubrange(..<path.count, with: other.path)
    }
    return look
  }
}

extension Worker {
  /// The most matches that are kept of what one file holds.
  private static let packedMatchLimit = 100_000
  /// The longest name that something packed is known by, in bytes.
  private static let longestName = 4096
  /// Between a file and what is packed in it.
  private static let separator = Array("!/".utf8)

  /// Looks into the container at hand, and returns what is in it.
  ///
  /// What is packed is where the file is: in the same commits, in the work tree, in the index. A
  /// secret that is found in it is not told of the file as such besides.
  mutating func lookInto(_ scanned: inout ScannedItem) -> [ScannedItem] {
    guard let kind else { return [] }
    let item = scanned.item
    var look = Look(budget: ContainerBudget(options.limits))
    let isOpened = options.opensContainers && kind.isOpened
    if !isOpened {
      look.note(.notOpened, kind, at: item.path)
    } else if let seen = lastLook, seen.blob == scanned.blob {
      look = seen.look.moved(from: seen.path, to: item)
    } else {
      tally.unpacked += 1
      options.gate.pass(reader.heldCount) {
        open(reader.takeHeld(), kind, item, path: item.path, depth: 1, &look)
      }
      searchNames(item, &look)
      lastLook = scanned.blob.map { ($0, item.path, look) }
    }
    for i in look.items.indices {
      look.items[i].blob = scanned.blob
      settle(&look.items[i])
    }
    dropPacked(from: &scanned, look.items[...])
    scanned.packedGaps = gaps(of: look, in: item)
    tally.gaps += scanned.packedGaps
    if isOpened, let blob = scanned.blob, !Interruption.isAsked {
      tally.opened.insert(Tally.Opened(target: item.target, path: item.path, blob: blob))
    }
    return look.items
  }

  private func gaps(of look: Look, in item: Item) -> [Gap] {
    let suffix = subject(of: item).bytes.dropFirst(item.path.count)
    return look.gaps.sorted { $0.key < $1.key }.map { reason, place in
      let path = place.count == 1 ? place.subject : item.path
      var gap = Gap(
        .opaque, subject: item.path.isEmpty ? subject(of: item) : ForeignText(path + suffix),
        reason: ForeignText(reason), count: place.count)
      gap.file = item.path.isEmpty ? nil : ForeignText(item.path)
      return gap
    }
  }

  /// Scans everything in a container, and in those that stand in it.
  ///
  /// Without bytes it was too large to be held.
  private mutating func open(
    _ bytes: consuming ByteBuffer?, _ kind: ContainerKind, _ item: Item, path: [UInt8], depth: Int,
    _ look: inout Look
  ) {
    do throws(ContainerFault) {
      guard let bytes = bytes.take() else { throw options.limits.tooLarge }
      var container = try Container(bytes, as: kind, name: Paths.name(of: path))
      while let entry = try container.next(&look.budget, into: reader.takeMemory()) {
        if Interruption.isAsked { return }
        guard look.matches < Self.packedMatchLimit else {
          throw ContainerFault(.limit, "more than \(Self.packedMatchLimit) matches are in it")
        }
        let name = entry.name.prefix(Self.longestName)
        let place = entry.name.isEmpty ? path : path + Self.separator + name
        if let fault = entry.fault { look.note(fault, kind, at: place) }
        if !entry.name.isEmpty { look.names.append(place) }
        reader.open(entry.takeBytes())
        scanEntry(item.packed(at: place), depth: depth, &look)
      }
    } catch {
      look.note(error, kind, at: path)
    }
  }

  /// Scans the entry that the reader has open, and what is packed in it.
  private mutating func scanEntry(_ item: Item, depth: Int, _ look: inout Look) {
    var scanned = ScannedItem(item: item, matches: [])
    do throws(InputError) {
      _ = try scanContent(of: &scanned)
    } catch {
      // Memory can always be read.
      return
    }
    let first = look.items.count
    if let kind {
      if !kind.isOpened {
        look.note(.notOpened, kind, at: item.path)
      } else if depth >= options.limits.depth {
        look.note(options.limits.tooDeep, kind, at: item.path)
      } else {
        let bytes = reader.takeMemory()
        open(bytes, kind, item, path: item.path, depth: depth + 1, &look)
        dropPacked(from: &scanned, look.items[first...])
      }
    }
    guard !scanned.matches.isEmpty || !compiled.rules(naming: item.path).isEmpty else { return }
    look.matches += scanned.matches.count
    look.items.append(scanned)
  }

  /// One secret is one finding: where it is packed is where a person would look for it.
  private func dropPacked(from scanned: inout ScannedItem, _ items: ArraySlice<ScannedItem>) {
    guard !scanned.matches.isEmpty, !items.isEmpty else { return }
    let secrets = Set(items.flatMap { $0.matches.map(\.match.secret) })
    scanned.matches.removeAll { secrets.contains($0.match.secret) }
  }

  /// Names of what is packed are searched like those of files.
  private mutating func searchNames(_ item: Item, _ look: inout Look) {
    let all = Array(look.names.joined(separator: [0x0A]))
    guard !all.isEmpty, holdsSecret(all, item) else { return }
    for path in look.names where holdsSecret(path, item) {
      let named = item.packed(at: path).asName
      var scanned = ScannedItem(item: named, matches: [])
      reader.open(ByteBuffer(path))
      do throws(InputError) {
        _ = try scanContent(of: &scanned)
      } catch {
        continue
      }
      look.items.append(scanned)
    }
  }

  private mutating func holdsSecret(_ text: [UInt8], _ item: Item) -> Bool {
    do throws(MatchingError) {
      return try !detector.secrets(in: text.span).isEmpty
    } catch {
      tally.gaps.append(
        Gap(.engineLimit, subject: subject(of: item), reason: ForeignText(error.reason)))
      return false
    }
  }

  // MARK: Other versions

  /// The secrets in a blob and in what is packed in it, and its content if that is not too large.
  ///
  /// `item` says where it stands. What cannot be read of it is no gap of this run.
  mutating func secrets(
    in id: ObjectID, _ location: RepositoryLocation, like item: Item
  ) throws(InputError) -> (secrets: Set<Secret>, content: [UInt8]?) {
    let other = Item(
      target: item.target, path: item.filePath, source: .blob(id, location),
      standsIn: item.standsIn)
    try reader.open(other)
    var secrets: Set<Secret> = []
    var content: [UInt8]?
    kind = nil
    while try reader.next() {
      if reader.isFirstWindow { kind = ContainerKind(reader.bytes) }
      secrets.formUnion(judgedWindow(other).map(\.match.secret))
      if reader.isFirstWindow, reader.isLastWindow {
        let all = reader.bytes
        content = all.indices.map { all[$0] }
      }
      if kind?.isOpened == true, options.opensContainers {
        reader.hold(atMost: options.limits.bytes)
      }
    }
    if let kind, kind.isOpened, options.opensContainers {
      let gaps = tally.gaps.count
      var look = Look(budget: ContainerBudget(options.limits))
      open(reader.takeHeld(), kind, other, path: other.path, depth: 1, &look)
      tally.gaps.removeLast(tally.gaps.count - gaps)
      secrets.formUnion(look.items.flatMap { $0.matches.map(\.match.secret) })
    }
    return (secrets, content)
  }
}

extension ContainerFault {
  /// What is said of containers that are left closed.
  fileprivate static let notOpened = ContainerFault(
    .unsupported, "what is packed in it was not looked into")
}
