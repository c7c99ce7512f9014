import BuiltInRules
import Foundation
import Model
import Rules
import Scanning
import TestSupport
import Testing

/// Rules that know the one secret that they find.
struct KnownSecretTests {
  private static func rule(_ value: String, isWord: Bool = false) -> Rule {
    let note = RuleNote(
      id: RuleID("own.secret"), title: "", provider: "own", severity: .high, description: "",
      help: [], references: [])
    return Rule(Rule.Known(Secret(Array(value.utf8), isOwn: true), isWord: isWord), as: note)
  }

  private static func found(_ values: [String], in bytes: [UInt8]) throws -> [String] {
    let base = try CompiledBook(RuleBook([rule("nothing that stands anywhere")]))
    let book = try CompiledBook(base, known: values.map { rule($0) })
    var detector = try Detector(book)
    return try detector.matches(in: bytes.span).map {
      String(decoding: $0.secret.exposed, as: UTF8.self)
    }
  }

  /// Each of the characters may be written in its own way.
  @Test(arguments: [
    "hunter2", "p@ss/w0rd1", "correct horse battery staple", "!!ab12#$", "äöüß1234", "aB3$dE6&",
    "a+b=c/d==x9y8z7w6v5u4", "q\"w'e\\r7t6",
  ])
  func `a known value is found however its characters are written`(value: String) throws {
    var numbers = SeededGenerator(7)
    let plain = Array(value.utf8)
    var forms: [[UInt8]] = [
      plain, Encoded.utf16(value, bigEndian: false), Encoded.utf16(value, bigEndian: true),
      Array(plain.map { String(format: "%%%02X", $0) }.joined().utf8),
    ]
    if value.allSatisfy(\.isASCII) {
      for padding in ["", "x", "xy"] {
        let text = Data((padding + "\n" + value + "\n").utf8).base64EncodedString()
        forms.append(Array(text.utf8))
      }
      forms.append(
        Array(Data(Encoded.utf16(value, bigEndian: false)).base64EncodedString().utf8))
    }
    let component = CharacterSet.alphanumerics.union(CharacterSet(charactersIn: "-_.!~*'()"))
      .intersection(CharacterSet(charactersIn: Unicode.Scalar(0)..<Unicode.Scalar(128)))
    forms.append(
      Array((value.addingPercentEncoding(withAllowedCharacters: component) ?? "").utf8))
    forms.append(
      try JSONSerialization.data(withJSONObject: value, options: .fragmentsAllowed).map { $0 })
    // Where four letters or figures stand together, any other character may be escaped or not.
    if value != "aB3$dE6&" {
      let word = CharacterSet.alphanumerics
      for isPercent in [true, false] {
        for _ in 0..<25 {
          forms.append(
            plain.flatMap { byte -> [UInt8] in
              let isWord = byte >= 0x80 || word.contains(Unicode.Scalar(byte))
              let isMark = byte == UInt8(ascii: isPercent ? "%" : "\\")
              if isWord || !isMark && Bool.random(using: &numbers) { return [byte] }
              return Array(String(format: isPercent ? "%%%02x" : "\\u%04x", byte).utf8)
            })
        }
      }
    }
    for form in forms {
      let text = Array("x = '".utf8) + form + Array("'\n".utf8)
      // UTF-16 has no bytes of other text around it.
      let isWide = form.contains(0)
      let matches = try Self.found([value], in: isWide ? form : text)
      #expect(Set(matches) == [value], "\(String(decoding: form, as: UTF8.self))")
    }
    #expect(try Self.found([value], in: Array("nothing of it".utf8)).isEmpty)
  }

  @Test func `base64 in lines is found wherever the break is`() throws {
    let value = "W7kq" + "ZxP4mN9vRt2Ls8Yd" + "Qb5H"
    for before in 0..<80 {
      let text = String(repeating: "k", count: before) + value + " and more of it"
      let digits = Data(text.utf8).base64EncodedString(options: [
        .lineLength76Characters, .endLineWithLineFeed,
      ])
      #expect(try Set(Self.found([value], in: Array(digits.utf8))) == [value], "\(before)")
    }
  }

  @Test func `many values are kept apart`() throws {
    let values = (0..<200).map { "value-\($0)-\($0 * 7919 % 1000)x" }
    let text = values.joined(separator: " | ")
    let found = try Self.found(values, in: Array(text.utf8))
    #expect(Set(found) == Set(values))
  }
}
