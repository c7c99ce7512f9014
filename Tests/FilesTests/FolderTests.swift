import Files
import Foundation
import TestSupport
import Testing

struct FolderTests {
  let folder = TemporaryFolder()

  private var opened: Folder {
    get throws { try Folder(at: Array(folder.path.utf8)) }
  }

  private func name(_ text: String) -> [UInt8] { Array(text.utf8) }

  @Test func `names come with their kinds`() throws {
    try folder.write("file", "x")
    try folder.makeFolder("below")
    try folder.link("link", to: "nowhere")
    #expect(mkfifo(folder.at("fifo"), 0o600) == 0)
    let entries = try opened.entries().sorted { $0.name.lexicographicallyPrecedes($1.name) }
    #expect(entries.map(\.name) == ["below", "fifo", "file", "link"].map(name))
    #expect(entries.map(\.kind) == [.folder, .special, .regular, .link])
  }

  @Test func `names that are not UTF-8 come as they are`() throws {
    let odd: [UInt8] = [0x61, 0xFF, 0x62]
    let path = Array(folder.path.utf8) + [0x2F] + odd + [0]
    let made = path.withUnsafeBytes {
      open($0.bindMemory(to: CChar.self).baseAddress!, O_CREAT | O_WRONLY, 0o600)
    }
    #expect(made >= 0)
    close(made)
    #expect(try opened.entries().map(\.name) == [odd])
    let status = try opened.status(of: odd)
    #expect(status.kind == .regular)
  }

  @Test func `a link is not followed, wherever it leads`() throws {
    try folder.write("target/secret", "x")
    try folder.link("link", to: "target")
    try folder.link("filelink", to: "target/secret")
    let here = try opened
    #expect(throws: FileError.self) { _ = try here.folder(named: name("link")) }
    #expect(throws: FileError.self) { _ = try here.folder(at: name("link")) }
    let isRefused: Bool
    do {
      _ = try here.file(named: name("filelink"))
      isRefused = false
    } catch {
      isRefused = error.isLink
    }
    #expect(isRefused)
    #expect(try here.linkTarget(named: name("filelink")) == name("target/secret"))
  }

  @Test func `a folder that becomes a link meanwhile leads nowhere else`() throws {
    try folder.write("inside/a", "inside")
    try folder.write("outside/a", "outside")
    let inside = try opened.folder(named: name("inside"))
    try folder.remove("inside")
    try folder.link("inside", to: "outside")
    // The handle still is the folder that was opened, which is empty now.
    #expect(throws: FileError.self) { _ = try inside.file(named: name("a")) }
    #expect(throws: FileError.self) { _ = try opened.file(at: name("inside/a")) }
  }

  @Test func `opening a FIFO does not wait`() throws {
    #expect(mkfifo(folder.at("fifo"), 0o600) == 0)
    let file = try opened.file(named: name("fifo"))
    let kind = try file.status().kind
    #expect(kind == .special)
  }

  @Test func `a file is read piece by piece and whole`() throws {
    try folder.write("file", String(repeating: "0123456789", count: 1000))
    let file = try opened.file(named: name("file"))
    var buffer = ByteBuffer(capacity: 64)
    let first = try file.read(10, into: &buffer)
    let second = try file.read(64 - 10, into: &buffer)
    #expect(first == 10 && second == 54)
    buffer.keepLast(4)
    let kept = buffer.array(0..<4)
    #expect(kept == name("0123"))
    let whole = try opened.file(named: name("file")).contents(limit: 10_000)
    #expect(whole?.count == 10_000)
    let tooLong = try opened.file(named: name("file")).contents(limit: 9_999)
    #expect(tooLong == nil)
  }

  @Test func `an error says what, where and why`() throws {
    var message = ""
    do {
      _ = try File(at: name(folder.at("none")))
    } catch {
      message = "\(error)"
    }
    #expect(message == "cannot open \(folder.at("none")): No such file or directory")
  }
}

struct OutputFileTests {
  let folder = TemporaryFolder()

  private func write(_ text: String, to file: String, _ privacy: OutputFile.Privacy = .usual) throws
  {
    try OutputFile.write(Array(text.utf8), to: Array(file.utf8), privacy: privacy)
  }

  @Test func `a file is replaced whole and keeps its mode`() throws {
    try folder.write("report", "old")
    try folder.setMode(0o640, of: "report")
    try write("new", to: folder.at("report"))
    #expect(try folder.read("report") == "new")
    let mode = try FileManager.default.attributesOfItem(atPath: folder.at("report"))
    #expect(mode[.posixPermissions] as? Int == 0o640)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["report"])
  }

  @Test func `what shows secrets is readable for its owner only`() throws {
    try write("x", to: folder.at("report"), .owner)
    let mode = try FileManager.default.attributesOfItem(atPath: folder.at("report"))
    #expect(mode[.posixPermissions] as? Int == 0o600)
  }

  @Test func `a link to a file stays a link`() throws {
    try folder.write("real", "old")
    try folder.link("link", to: "real")
    try write("new", to: folder.at("link"))
    #expect(try folder.read("real") == "new")
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: folder.at("link")) == "real")
  }

  @Test func `what is no regular file is written to`() throws {
    try write("x", to: "/dev/null")
    #expect(throws: FileError.self) { try write("x", to: "/dev/full") }
  }

  @Test func `nothing is left behind when the folder does not exist`() throws {
    #expect(throws: FileError.self) { try write("x", to: folder.at("none/report")) }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
  }
}

struct PathsTests {
  private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

  @Test func `paths are joined, parted and compared`() {
    #expect(Paths.join(bytes("a"), bytes("b")) == bytes("a/b"))
    #expect(Paths.join(bytes("a/"), bytes("b")) == bytes("a/b"))
    #expect(Paths.join(bytes("a"), bytes("/b")) == bytes("/b"))
    #expect(Paths.name(of: bytes("a/b/c")) == bytes("c"))
    #expect(Paths.folder(of: bytes("a/b/c")) == bytes("a/b"))
    #expect(Paths.folder(of: bytes("a")) == [])
    #expect(Paths.relative(bytes("/a/b"), to: bytes("/a")) == bytes("b"))
    #expect(Paths.relative(bytes("/a"), to: bytes("/a")) == [])
    #expect(Paths.relative(bytes("/ab"), to: bytes("/a")) == nil)
    #expect(Paths.relative(bytes("/a"), to: bytes("/")) == bytes("a"))
    #expect(Paths.route(from: bytes("/a/b"), to: bytes("/a/b")) == bytes("."))
    #expect(Paths.route(from: bytes("/a/b"), to: bytes("/a/b/c")) == bytes("c"))
    #expect(Paths.route(from: bytes("/a/b"), to: bytes("/a")) == bytes(".."))
    #expect(Paths.route(from: bytes("/a/b"), to: bytes("/c")) == bytes("../../c"))
  }
}
