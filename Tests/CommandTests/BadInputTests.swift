import Foundation
import TestSupport
import Testing

/// Input that is missing, broken or hostile.
struct BadInputTests {
  let folder = TemporaryFolder()

  private func key() -> String { "key = \"\(LookAlike.apiKey())\"\n" }

  @Test func `a path that does not exist is told, and the others are scanned`() throws {
    try folder.write("a", "nothing\n")
    let clean = try Keyscan.run(["a", "none"], in: folder.path)
    #expect(clean.status == 66)
    #expect(clean.errors == "keyscan: cannot scan none: No such file or directory\n")
    try folder.write("b", key())
    let found = try Keyscan.report(["none", "b"], in: folder.path)
    #expect(found.status == 1 && found.findings.count == 1)
  }

  @Test(arguments: ["/dev/zero", "/dev/null"])
  func `a device is no path to scan, and the way to scan it is told`(device: String) throws {
    let output = try Keyscan.run([device], in: folder.path)
    #expect(output.status == 66)
    #expect(output.errors.contains("use --stdin"))
  }

  @Test func `FIFOs, sockets and devices in a tree are passed over without waiting`() throws {
    try folder.write("a", key())
    #expect(mkfifo(folder.at("fifo"), 0o600) == 0)
    let socket = try Tool.shell(
      "python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind(\"socket\")'", in: folder.path)
    #expect(socket.status == 0)
    let report = try Keyscan.report(["."], in: folder.path)
    #expect(report.findings.count == 1 && report.gaps.isEmpty)
    #expect(try Keyscan.run(["fifo"], in: folder.path).status == 66)
    #expect(try Keyscan.run(["socket"], in: folder.path).status == 66)
  }

  @Test func `a file and a folder that may not be read are gaps, and the rest is scanned`() throws {
    try folder.write("closed", key())
    try folder.write("below/a", key())
    try folder.write("open", "nothing\n")
    try folder.setMode(0, of: "closed")
    try folder.setMode(0, of: "below")
    // root may read everything, so keyscan runs as somebody else.
    let output = try runAsNobody(["."])
    #expect(output.status == 74)
    #expect(
      output.text.contains("not read: below, closed: Permission denied")
        || output.text.contains("not read: closed, below: Permission denied")
        || (output.text.contains("closed: Permission denied") && output.text.contains("below")),
      "\(output.text)\(output.errors)")
  }

  private func runAsNobody(_ arguments: [String]) throws -> Tool.Output {
    if getuid() != 0 { return try Keyscan.run(arguments, in: folder.path) }
    #expect(try Tool.run("/bin/chown", ["-R", "65534", folder.path]).status == 0)
    let script =
      "import os,sys; os.setgid(65534); os.setuid(65534); os.execv(sys.argv[1], sys.argv[1:])"
    // The binary may stand where nobody may go, so it is opened before.
    let copy = TemporaryFolder()
    #expect(try Tool.run("/bin/cp", [Keyscan.program, copy.at("keyscan")]).status == 0)
    #expect(try Tool.run("/bin/chmod", ["-R", "a+rx", copy.path]).status == 0)
    return try Tool.shell(
      "python3 -c '\(script)' \(copy.at("keyscan")) \(arguments.joined(separator: " "))",
      in: folder.path)
  }

  @Test func `a link that leads nowhere is read for its text`() throws {
    try folder.link("dangling", to: "nowhere/\(LookAlike.apiKey())")
    try folder.link("loop", to: "loop")
    let report = try Keyscan.report(["."], in: folder.path)
    #expect(report.findings.count == 1 && report.gaps.isEmpty)
  }

  @Test func `a damaged index is a gap that fails, and the work tree is scanned all the same`()
    throws
  {
    let git = try GitFixture()
    try git.stage("a", key())
    try git.stage("b", "nothing\n")
    let good = try git.folder.bytes("work/.git/index")
    var bad = good
    bad[40] ^= 0xFF
    try git.write(".git/index", bad)
    let report = try Keyscan.report(["."], in: git.path, environment: git.environment)
    #expect(report.status == 1 && report.paths(of: "google.api-key") == ["a"])
    #expect(report.gaps.contains { $0.kind == "index" && $0.fails })
    try git.remove("a")
    let output = try Keyscan.run(["."], in: git.path, environment: git.environment)
    #expect(output.status == 74)
    #expect(output.text.contains("its checksum does not fit"))
    // A hook must not take it for a clean one either.
    let staged = try Keyscan.run(["--staged"], in: git.path, environment: git.environment)
    #expect(staged.status == 74)
  }

  @Test func `an index entry whose blob is missing or damaged is a gap that fails`() throws {
    let git = try GitFixture()
    try git.stage("missing", "a\n")
    try git.stage("damaged", "b\n")
    try git.write("missing", "changed\n")
    try git.write("damaged", "changed\n")
    let names = try git.git("ls-files", "--stage").split(separator: "\n").map {
      String($0.split(separator: " ")[1])
    }
    let paths = names.map { ".git/objects/\($0.prefix(2))/\($0.dropFirst(2))" }
    try git.folder.setMode(0o644, of: "work/\(paths[0])")
    try git.write(paths[0], [1, 2, 3])
    try git.remove(paths[1])
    let report = try Keyscan.report(["."], in: git.path, environment: git.environment)
    #expect(report.status == 74)
    #expect(Set(report.gaps.filter(\.fails).map(\.kind)) == ["damaged", "missing"])
  }

  @Test func `a rule file that is wrong ends the run with its place`() throws {
    try folder.write("rules/my.yml", "provider: My\nrules:\n  - id: my.rule\n    tilte: x\n")
    let output = try Keyscan.run([".", "--rules", "rules"], in: folder.path)
    #expect(output.status == 65)
    #expect(
      output.errors.contains("rules/my.yml:4:5: “tilte” is no key of a rule; did you mean “title”?")
    )
    #expect(try Keyscan.run([".", "--rules", "none"], in: folder.path).status == 65)
  }

  @Test(arguments: ["text", "json", "jsonl", "sarif"])
  func `a full disk is told, and the status is not that of a clean run`(format: String) throws {
    try folder.write("a", key())
    let output = try Keyscan.run(
      [".", "--format", format, "--output", "/dev/full"], in: folder.path)
    #expect(output.status == 73)
    #expect(output.errors.contains("cannot write the report: No space left on device: /dev/full"))
    let piped = try Tool.shell(
      "'\(Keyscan.program)' . --format \(format) > /dev/full", in: folder.path)
    #expect(piped.status == 73)
  }

  @Test func `a report that cannot be written leaves the old one as it was`() throws {
    try folder.write("a", key())
    try folder.write("out/report.json", "old")
    let output = try Keyscan.run(
      ["a", "--format", "json", "--output", "none/report.json"], in: folder.path)
    #expect(output.status == 73)
    #expect(output.errors.contains("none/report.json"))
    #expect(try folder.read("out/report.json") == "old")
  }

  @Test func `a reader that goes away ends the run quietly`() throws {
    for i in 0..<300 { try folder.write("f\(i)", key()) }
    let output = try Tool.shell(
      "{ '\(Keyscan.program)' . ; echo status $? >&2; } | head -n 1", in: folder.path)
    #expect(output.text.split(separator: "\n").count == 1)
    #expect(output.errors == "status 1\n")
  }

  @Test func `Ctrl-C ends the run with what was found`() throws {
    // A FIFO keeps standard input open, so the scan waits for more when the signal comes.
    #expect(mkfifo(folder.at("fifo"), 0o600) == 0)
    func run(_ content: String) throws -> Tool.Output {
      try folder.write("content", content)
      return try Tool.shell(
        """
        (cat content; sleep 3) > fifo &
        python3 -c 'import os,signal,sys; signal.signal(signal.SIGINT, signal.default_int_handler); \
        os.execv(sys.argv[1], sys.argv[1:])' '\(Keyscan.program)' --stdin --format json < fifo &
        scan=$!
        sleep 1
        kill -INT $scan
        wait $scan
        echo status $? >&2
        """, in: folder.path)
    }
    let found = try run(key())
    #expect(found.errors.contains("status 1\n") || found.errors.contains("status 130\n"))
    #expect(found.text.contains("\"partial\": true"))
    let clean = try run("nothing\n")
    #expect(clean.errors.contains("status 130\n"))
  }

  @Test func `a file that shrinks or grows while it is read does no harm`() throws {
    try folder.write("changing", String(repeating: "x", count: 50_000_000))
    let output = try Tool.shell(
      """
      (for i in 1 2 3 4 5 6 7 8; do : > changing; printf '%050000d' 0 >> changing; done) &
      '\(Keyscan.program)' . ; echo status $?; wait
      """, in: folder.path)
    #expect(output.text.contains("status 0"))
  }

  @Test func `a folder that is swapped for a link is not followed`() throws {
    try folder.write("outside/secret", key())
    let output = try Tool.shell(
      """
      mkdir -p tree/sub
      (i=0; while [ $i -lt 400 ]; do
        mv tree/sub tree/kept; ln -s ../outside tree/sub; rm tree/sub; mv tree/kept tree/sub
        i=$((i+1))
      done) &
      i=0
      while [ $i -lt 40 ]; do
        '\(Keyscan.program)' tree --quiet || echo "followed"
        i=$((i+1))
      done
      wait
      """, in: folder.path)
    #expect(!output.text.contains("followed"), "\(output.text)")
  }

  @Test func `a FIFO where git keeps a file is told, and nobody waits for it`() throws {
    let names = [
      "HEAD", "config", "index", "packed-refs", "refs/heads/main", "info/exclude", "shallow",
      "commondir", "objects/pack/pack-0000000000000000000000000000000000000000.idx",
      "objects/info/alternates",
    ]
    for name in names {
      let git = try GitFixture()
      try git.stage("a", key())
      try git.stage("b", "nothing\n")
      try git.commit()
      try git.write("b", "changed\n")
      let path = "work/.git/\(name)"
      if git.folder.exists(path) { try git.folder.remove(path) }
      #expect(mkfifo(git.folder.at(path), 0o600) == 0)
      for arguments in [["."], ["--staged"]] {
        let output = try Tool.run(
          Keyscan.program, arguments, in: git.path, environment: git.environment, limit: 30)
        #expect(output.status < 128, "\(name) \(arguments)")
        let isScanned = output.text.contains("Google API key")
        #expect(
          isScanned || output.status > 1 || arguments == ["--staged"], "\(name) \(output.text)")
      }
    }
    // A loose object that the index needs.
    let git = try GitFixture()
    try git.stage("b", "content\n")
    try git.write("b", "changed\n")
    let id = try git.git("ls-files", "--stage").split(separator: " ")[1]
    let path = ".git/objects/\(id.prefix(2))/\(id.dropFirst(2))"
    try git.remove(path)
    #expect(mkfifo(git.folder.at("work/\(path)"), 0o600) == 0)
    let output = try Tool.run(
      Keyscan.program, ["."], in: git.path, environment: git.environment, limit: 30)
    #expect(output.status == 74 && output.text.contains("is no file"), "\(output.text)")
  }

  @Test func `a nested git file that leads out of the tree is not followed`() throws {
    let other = try GitFixture()
    try other.stage("x", "nothing\n")
    let git = try GitFixture()
    try git.write("nested/.git", "gitdir: \(other.path)/.git\n")
    try git.write("nested/a", key())
    let report = try Keyscan.report(["."], in: git.path, environment: git.environment)
    #expect(report.paths(of: "google.api-key") == ["nested/a"])
    #expect(report.hints.contains { $0.contains("leads out of the tree") })
  }

  @Test func `options that do not go together are told`() throws {
    for arguments in [
      ["--staged", "--stdin"], ["--stdin", "a"], ["--stdin-name", "x"], ["--staged", "a", "b"],
      ["--jobs", "0"], ["--quiet", "--verbose"], ["--format", "xml"], ["--fail-on", "bad"],
      ["--no-such-option"], ["--dry-run"], ["--fail-on", "live"],
    ] {
      let output = try Keyscan.run(arguments, in: folder.path)
      #expect(output.status == 64, "\(arguments)")
      #expect(output.errors.contains("Error:"))
    }
  }

  @Test func `a tree that is very deep is read to its end`() throws {
    let output = try Tool.run(
      "/usr/bin/env",
      [
        "python3", "-c",
        """
        import os,sys
        os.chdir(sys.argv[1])
        for i in range(3000):
            os.mkdir('d'); os.chdir('d')
        open('a','w').write(sys.argv[2])
        """, folder.path, key(),
      ])
    #expect(output.status == 0, "\(output.errors)")
    let report = try Keyscan.report(["."], in: folder.path)
    #expect(report.findings.count == 1, "\(report.gaps)")
    #expect(try Tool.shell("find . -delete", in: folder.path).status == 0)
  }
}
