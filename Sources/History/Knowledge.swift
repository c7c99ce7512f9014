internal import Archives
internal import Git
internal import Scanning

/// What reading objects once has told of them, by their names.
///
/// An object never changes, so all of this stays true as long as the rules are the same.
struct Knowledge: Sendable {
  var blobs = 0
  var trees = 0
  var tags = 0
  /// Of all contents, in bytes.
  var bytes = 0
  var commits = Commits()
  /// What tags name, by the tags' own names.
  var tagged: [ObjectID: ObjectID] = [:]
  /// The commits and tags in which something matched.
  var messages: Set<ObjectID> = []
  /// The blobs in which something matched, with the numbers of the secrets.
  var hits: [ObjectID: [Int]] = [:]
  /// The secrets, by their numbers.
  private(set) var secrets: [SecretTag] = []
  private var numbers: [SecretTag: Int] = [:]
  /// Blobs and links under names that are rules of their own.
  var named: Set<ObjectID> = []
  /// What stands under names that hold a secret themselves.
  var speaking: Set<ObjectID> = []
  /// What trees name and is not at hand.
  var missing: Set<ObjectID> = []
  /// What commits and tags name and is not at hand.
  var missingOfCommits: Set<ObjectID> = []
  /// The containers among blobs that can be looked into.
  var packed: [ObjectID: ContainerKind] = [:]
  /// The other containers among blobs, by what they are.
  var containers: [String: Int] = [:]

  init() {}

  /// Takes in what a sweep found, with tags that `tagger` makes.
  mutating func add(_ swept: Swept, of catalog: ObjectCatalog, taggedBy tagger: SecretTagger) {
    let (contents, trees) = (swept.contents, swept.trees)
    blobs += contents.blobs
    self.trees += trees.trees
    tags += contents.tags
    bytes += contents.bytes + trees.bytes
    commits.append(contents.graph)
    tagged.merge(contents.tagged) { first, _ in first }
    messages.formUnion(contents.messages.map { catalog.id($0) })
    for (blob, found) in contents.hits {
      hits[catalog.id(blob)] = found.map { number(of: tagger.tag(of: $0)) }
    }
    named.formUnion(trees.named.map { catalog.id($0) })
    speaking.formUnion(trees.speaking.map { catalog.id($0) })
    missing.formUnion(trees.missing)
    missingOfCommits.formUnion(contents.missing)
    for (number, kind) in contents.containers {
      if kind.isOpened {
        packed[catalog.id(number)] = kind
      } else {
        containers[kind.rawValue, default: 0] += 1
      }
    }
  }

  /// Everything whose places are to be found out, containers included if they are looked into.
  func wanted(opensContainers: Bool) -> Set<ObjectID> {
    let wanted = named.union(speaking).union(hits.keys)
    return opensContainers ? wanted.union(packed.keys) : wanted
  }

  /// No object was read.
  var isEmpty: Bool { blobs == 0 && trees == 0 && tags == 0 && commits.count == 0 }

  /// Everything that is named and is not at hand.
  var allMissing: Set<ObjectID> { missing.union(missingOfCommits) }

  mutating func number(of secret: SecretTag) -> Int {
    if let known = numbers[secret] { return known }
    numbers[secret] = secrets.count
    secrets.append(secret)
    return secrets.count - 1
  }
}
