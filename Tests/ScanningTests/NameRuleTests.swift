import BuiltInRules
import Rules
import Scanning
import Testing

struct NameRuleTests {
  @Test func `names that are looked up are those that the rules' patterns fit`() throws {
    let compiled = try CompiledBook(RuleBook.builtIn)
    let rules = RuleBook.builtIn.rules
    let nameRules = rules.indices.filter { !rules[$0].names.isEmpty && rules[$0].anchors.isEmpty }
    // Every name that a rule speaks of, and neighbours of it.
    let names = nameRules.flatMap { rules[$0].names }.map {
      $0.replacing("!", with: "").replacing("**", with: "a/b").replacing("*", with: "x")
    }
    var paths = Set(["README.md", "a.b.c", ".p12", "x", "dir/id_rsa.pub", "p12"])
    for name in names {
      let bare = name.hasPrefix("/") ? String(name.dropFirst()) : name
      paths.formUnion([bare, "a/" + bare, bare + "x", "x" + bare, bare + "/y", bare.uppercased()])
    }
    var found = 0
    for path in paths where !path.isEmpty {
      let bytes = Array(path.utf8)
      let expected = nameRules.filter { compiled.applies($0, to: bytes) }
      #expect(compiled.rules(naming: bytes) == expected, "\(path)")
      found += expected.count
    }
    #expect(found > nameRules.count)
  }
}
