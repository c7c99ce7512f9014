import BuiltInRules
import Foundation
import Matching
import Model
import Rules
import Scanning
import TestSupport

/// The built-in rules, compiled once for all tests.
let builtIn: CompiledBook = {
  do { return try CompiledBook(RuleBook.builtIn) } catch { fatalError("\(error)") }
}()

/// What a content holds, found in the two steps that everything goes through.
func matches(in bytes: [UInt8], with book: CompiledBook = builtIn) throws -> [Match] {
  var detector = try Detector(book)
  var anchors: [Anchor] = []
  var matches: [Match] = []
  try detector.anchors(in: bytes.span, into: &anchors)
  for anchor in anchors {
    for number in detector.rules(of: anchor) {
      let rule = detector.rule(at: number)
      _ = try detector.judge(anchor, rule: rule, in: bytes.span, into: &matches)
    }
  }
  return matches
}

/// The ids of the rules that find something in a text.
func rules(in text: String, with book: CompiledBook = builtIn) throws -> Set<String> {
  Set(try matches(in: Array(text.utf8), with: book).map { book.book.rules[$0.rule].id.description })
}

/// Reads a rule file, which must be right, into a book of its own.
func book(_ yaml: String, provider: String = "test") throws -> CompiledBook {
  let folder = TemporaryFolder()
  try folder.write("\(provider).yml", yaml)
  let reading = try RuleFile.read(folder: Array(folder.path.utf8))
  if let error = reading.errors.first { throw error }
  return try CompiledBook(RuleBook(reading.rules))
}
