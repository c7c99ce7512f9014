/// Which characters the codes of a document's fonts stand for.
///
/// A page names its fonts by short names of its own. Which page means which font is not followed: of
/// a name that stands for several fonts each is tried.
struct PDFFonts {
  /// The characters of one font, by their codes.
  struct Map {
    var characters: [Int: [UInt8]] = [:]
    /// How many bytes a code has.
    var width = 1
  }

  /// The table of characters of a font, by the numbers of their objects.
  private var mapOfFont: [Int: Int] = [:]
  private var maps: [Int: Map] = [:]
  /// What names may stand for, by the numbers of objects.
  private var named: [[UInt8]: [Int]] = [:]

  /// The most fonts that one name is tried as.
  static let mostMeanings = 4
  /// The most characters of one table.
  private static let mostCharacters = 1 << 16
  private static let mostNames = 10_000

  /// Whether an object is the table of characters of a font.
  func isMap(_ number: Int) -> Bool { wanted.contains(number) }

  private var wanted: Set<Int> = []

  /// The characters of the fonts that a name may stand for.
  func maps(named name: [UInt8]) -> [Map] {
    (named[name] ?? []).compactMap { mapOfFont[$0].flatMap { maps[$0] } }
  }

  // MARK: Objects

  /// Takes in objects that stand in the document as they are.
  mutating func read(objects text: [UInt8]) {
    read(text, number: nil)
  }

  /// Takes in packed objects: pairs of numbers and places, and then the objects.
  mutating func read(packed text: [UInt8]) {
    var tokens = PDFTokens(text)
    var head: [Int] = []
    while case .number(let number) = tokens.next(), number >= 0, number < 1e9 {
      head.append(Int(number))
    }
    // Where the first object begins is said in the dictionary; it is where the first sign stands.
    let start = text.firstIndex { $0 == UInt8(ascii: "<") || $0 == UInt8(ascii: "[") } ?? 0
    var left = 2 * text.count
    for k in stride(from: 0, to: head.count - head.count % 2, by: 2) {
      let from = start + head[k + 1]
      let to = k + 3 < head.count ? start + head[k + 3] : text.count
      guard from < to, to <= text.count, to - from <= left else { continue }
      left -= to - from
      read(Array(text[from..<to]), number: head[k])
    }
  }

  /// Takes in what objects say of fonts; `number` is the object's, `nil` if the text says it.
  private mutating func read(_ text: [UInt8], number: Int?) {
    var object = number ?? 0
    var tokens = PDFTokens(text)
    // A reference is two numbers and an R, after a name.
    var (name, numbers): ([UInt8], [Int]) = ([], [])
    while let token = tokens.next() {
      switch token {
      case .name(let found): (name, numbers) = (found, [])
      case .number(let value):
        if numbers.count > 1 { numbers.removeFirst() }
        numbers.append(abs(value) < 1e9 ? Int(value) : 0)
      case .word(let word):
        if word.elementsEqual("obj".utf8), numbers.count == 2, number == nil { object = numbers[0] }
        if word.elementsEqual("R".utf8), numbers.count == 2 { refer(name, numbers[0], object) }
        numbers = []
      case .string, .open, .close: numbers = []
      }
    }
  }

  private mutating func refer(_ name: [UInt8], _ number: Int, _ object: Int) {
    if name.elementsEqual("ToUnicode".utf8) {
      mapOfFont[object] = number
      wanted.insert(number)
    } else if named.count < Self.mostNames || named[name] != nil {
      let known = named[name] ?? []
      if !known.contains(number), known.count < 256 { named[name] = known + [number] }
    }
  }

  // MARK: Tables of characters

  /// Takes in a table of characters.
  mutating func read(map text: [UInt8], number: Int) {
    var map = Map()
    var tokens = PDFTokens(text)
    var strings: [[UInt8]] = []
    var list: [[UInt8]]?
    while let token = tokens.next() {
      switch token {
      case .string(let bytes):
        if list != nil { list?.append(bytes) } else { strings.append(bytes) }
      case .open: list = []
      case .close:
        if let list, strings.count >= 2 {
          map.add(from: strings[strings.count - 2], list)
          strings = []
        }
        list = nil
      case .word(let word):
        if word.elementsEqual("endcodespacerange".utf8) {
          map.width = min(max(strings.first?.count ?? 1, 1), 4)
        } else if word.elementsEqual("endbfchar".utf8) {
          for k in stride(from: 0, to: strings.count - 1, by: 2) {
            map.add(from: strings[k], [strings[k + 1]])
          }
        } else if word.elementsEqual("endbfrange".utf8) {
          for k in stride(from: 0, to: strings.count - 2, by: 3) {
            map.add(from: strings[k], to: strings[k + 1], strings[k + 2])
          }
        }
        strings = []
      case .name, .number: break
      }
      if map.characters.count > Self.mostCharacters { break }
    }
    maps[number] = map
  }
}

extension PDFFonts.Map {
  /// The most bytes of a text that one code stands for.
  private static let longest = 32

  fileprivate mutating func add(from code: [UInt8], _ texts: [[UInt8]]) {
    let first = Self.number(code)
    for (k, text) in texts.enumerated() { characters[first + k] = Self.utf8(text) }
  }

  fileprivate mutating func add(from code: [UInt8], to last: [UInt8], _ text: [UInt8]) {
    let (first, last) = (Self.number(code), Self.number(last))
    guard first <= last, last - first < 1 << 16, var end = text.last else { return }
    var text = Array(text.suffix(Self.longest))
    for code in first...last {
      characters[code] = Self.utf8(text)
      end &+= 1
      text[text.count - 1] = end
    }
  }

  static func number(_ bytes: some Sequence<UInt8>) -> Int {
    bytes.reduce(0) { ($0 & 0xFF_FFFF) << 8 | Int($1) }
  }

  /// Characters are written in UTF-16, the larger byte first.
  private static func utf8(_ bytes: [UInt8]) -> [UInt8] {
    var units: [UInt16] = []
    for k in stride(from: 0, to: min(bytes.count, longest) - 1, by: 2) {
      units.append(UInt16(bytes[k]) << 8 | UInt16(bytes[k + 1]))
    }
    return Array(String(decoding: units, as: UTF16.self).utf8)
  }
}
