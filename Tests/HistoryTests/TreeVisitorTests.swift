import BuiltInRules
import Files
import Git
import Packs
import Rules
import Scanning
import TestSupport
import Testing

@testable import History

struct TreeVisitorTests {
  /// A line of a tree that names a folder.
  private func line(_ name: String, _ id: UInt8) -> [UInt8] {
    Array("40000 \(name)\0".utf8) + [UInt8](repeating: id, count: 20)
  }

  @Test(arguments: [[2, 0], [0, 2], [1, 0], [2, 1, 0], [0, 1, 2], [2]])
  func `lines are taken over whatever the order of the pieces`(_ order: [Int]) throws {
    let git = try GitFixture()
    try git.stage("a", "x\n")
    try git.commit()
    try git.git("repack", "-adq")
    let path = Paths.real(Array(git.path.utf8)) ?? []
    let catalog = ObjectCatalog(of: try #require(try RepositoryLocation(at: path)))
    let visitor = TreeVisitor(
      catalog, names: try NameJudge(CompiledBook(.builtIn)) { _ in false },
      progress: Progress(), wanted: WantedLines([]))
    let lines = [line("a", 1), line("b", 2), line("c", 3)]
    let starts = [0, lines[0].count, lines[0].count + lines[1].count]
    let base = Array(lines.joined())
    let entry = PackEntry(pack: 0, number: 0, position: 0)
    let memory = visitor.visit(entry, whole: base.span)
    var content: [UInt8] = []
    var pieces: [CopiedPiece] = []
    for i in order {
      pieces.append(
        CopiedPiece(source: starts[i], target: content.count, count: lines[i].count))
      content += lines[i]
    }
    let made = visitor.visit(
      entry, content: content.span, copied: pieces, of: memory, baseCount: base.count)
    let edges = try #require(made as? TreeMemory).edges
    #expect(edges.map { Int($0.key & 0xFF) - 1 } == order)
    let graph = try #require(visitor.finish().graph.parts.first)
    #expect(graph.dropped.count == 3 - order.count)
    #expect(graph.added.count == 3)
  }
}
