// Reads the rule files and writes what keyscan is built with: the rules as Swift source, and
// the anchor databases that Hyperscan would otherwise compile at every start; and the page that lists
// the rules.
//
// Use: embed-rules RULES-FOLDER SOURCE-FOLDER DATABASE-FOLDER CATALOGUE-FILE

import Files
import Matching
import Rules

func fail(_ message: String) -> Never {
  try? StandardStream.error.write("embed-rules: \(message)\n")
  preconditionFailure(message)
}

let arguments = CommandLine.arguments.dropFirst().map { Array($0.utf8) }
guard arguments.count == 4 else { fail("four arguments are wanted") }

do {
  let reading = try RuleFile.read(folder: arguments[0])
  for error in reading.errors { try StandardStream.error.write("\(error)\n") }
  guard reading.errors.isEmpty else { fail("the rules above must be mended first") }
  let book = RuleBook(reading.rules)

  // A file that did not change keeps its time, so that nothing is compiled again for it.
  func write(_ bytes: [UInt8], to path: [UInt8]) throws {
    if (try? File(at: path).contents(limit: 1 << 26)) != bytes {
      try OutputFile.write(bytes, to: path)
    }
  }
  for (name, source) in [
    ("Book.swift", book.swiftSource), ("LiveChecks.swift", book.liveChecksSource),
  ] {
    try write(Array(source.utf8), to: Paths.join(arguments[1], Array(name.utf8)))
  }
  try write(Array(book.catalogue.utf8), to: arguments[3])
  let literals = book.literals()
  for platform in AnchorDatabase.Platform.allCases {
    let bytes = try AnchorDatabase.embeddable(
      digest: book.table.digest, of: literals, for: platform)
    try write(bytes, to: Paths.join(arguments[2], Array("\(platform).bin".utf8)))
  }
} catch {
  fail("\(error)")
}
