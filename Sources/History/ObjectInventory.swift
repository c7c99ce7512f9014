internal import Files
internal import Git
internal import Model
internal import Packs

/// What lies in the object folders of a repository, before any object is read.
struct ObjectInventory: Sendable {
  let location: RepositoryLocation
  /// The packs, each with what tells it from others.
  private(set) var packs: [(pack: Pack, identity: PackIdentity)] = []
  /// The objects outside of packs, and those of packs that cannot be opened.
  private(set) var loose: Set<ObjectID> = []
  /// A partial clone, some of whose objects are still at the remote.
  private(set) var isPartial = false
  /// What cannot be opened.
  private(set) var gaps: [Gap] = []

  init(of location: RepositoryLocation) {
    self.location = location
    var names: Set<[UInt8]> = []
    for folder in ObjectFolders(of: location).paths {
      let inner = Paths.join(folder, Array("pack".utf8))
      let entries = (try? Folder(at: inner).entries()) ?? []
      isPartial =
        isPartial || entries.contains { $0.name.suffix(9).elementsEqual(".promisor".utf8) }
      for entry in entries.sorted(by: { $0.name.lexicographicallyPrecedes($1.name) })
      where entry.kind == .regular && entry.name.suffix(4).elementsEqual(".idx".utf8) {
        // Alternates often hold a copy of the same pack.
        guard !names.contains(entry.name) else { continue }
        if add(index: Paths.join(inner, entry.name)) { names.insert(entry.name) }
      }
      loose.formUnion(Self.looseObjects(in: folder))
    }
  }

  /// Adds the pack whose index is at `path`; returns whether it can be used.
  private mutating func add(index path: [UInt8]) -> Bool {
    do throws(PackError) {
      let pack = try Pack(index: path)
      packs.append((pack, try PackIdentity(of: pack, index: path)))
      return true
    } catch {
      gaps.append(
        Gap(
          .damaged, subject: ForeignText(path.dropLast(4) + Array(".pack".utf8)),
          reason: ForeignText(error.reason)))
      // Of the objects that its index names, libgit2 may still find copies.
      if let index = try? PackIndex(at: path) {
        for i in 0..<index.count { loose.insert(index.id(at: i)) }
      }
      return false
    }
  }

  private static func looseObjects(in folder: [UInt8]) -> [ObjectID] {
    var found: [ObjectID] = []
    for entry in (try? Folder(at: folder).entries()) ?? []
    where entry.kind == .folder && entry.name.count == 2 {
      for inner in (try? Folder(at: Paths.join(folder, entry.name)).entries()) ?? [] {
        if let id = ObjectID(hex: entry.name + inner.name) { found.append(id) }
      }
    }
    return found
  }
}

/// Tells a pack from every other, and from itself once it was changed.
struct PackIdentity: Hashable, Sendable {
  /// Where the pack is.
  let path: [UInt8]
  /// The checksum of everything in it, with which it ends.
  let trailer: [UInt8]
  /// Sizes, times of change and inodes, of the pack and of its index.
  let marks: [Int]

  init(path: [UInt8], trailer: [UInt8], marks: [Int]) {
    self.path = path
    self.trailer = trailer
    self.marks = marks
  }

  init(of pack: Pack, index: [UInt8]) throws(PackError) {
    path = pack.path
    trailer = pack.trailer
    var marks: [Int] = []
    for path in [pack.path, index] {
      do throws(FileError) {
        let status = try Paths.status(path)
        marks += [
          status.size, status.modified.seconds, status.modified.nanoseconds,
          Int(truncatingIfNeeded: status.inode),
        ]
      } catch {
        throw PackError(.refused, error.reason)
      }
    }
    self.marks = marks
  }
}

/// Which objects of an inventory are to be read.
struct ObjectSelection: Sendable {
  /// The packs to be swept, by their positions in the inventory.
  var packs: Set<Int> = []
  /// Of packs that are swept, which objects were read earlier, by their positions in the pack.
  var known: [Int: [Bool]] = [:]
  /// What is to be read one by one.
  var singles: Set<ObjectID> = []

  /// Everything.
  static func all(of inventory: ObjectInventory) -> ObjectSelection {
    ObjectSelection(packs: Set(inventory.packs.indices), singles: inventory.loose)
  }

  /// Nothing is to be read.
  var isEmpty: Bool { packs.isEmpty && singles.isEmpty }
}
