import Foundation
import TestSupport
import Testing

/// Files that are zip archives by another name.
struct ZipFamilyTests {
  private let git: GitFixture

  init() throws { git = try GitFixture() }

  private func report() throws -> Keyscan.Report {
    try Keyscan.report(["."], in: git.path, environment: git.environment)
  }

  /// The name of a kind of file, and of something in it that such files have.
  private static let family = [
    "a.zip": "k.json", "a.jar": "application.properties", "a.war": "WEB-INF/web.xml",
    "a.apk": "assets/k.json", "a.ipa": "Payload/App.app/k.json", "a.aar": "assets/k.json",
    "a.whl": "package/k.py", "a.nupkg": "content/app.config", "a.docx": "word/document.xml",
    "a.xlsx": "xl/sharedStrings.xml", "a.pptx": "ppt/slides/slide1.xml", "a.odt": "content.xml",
    "a.epub": "OEBPS/chapter.xhtml",
  ]

  @Test(arguments: family.keys.sorted())
  func `a planted key is found, and damage is a gap`(name: String) throws {
    let member = try #require(Self.family[name])
    // Enough beside it that half of the file is not all of it.
    let noise = LookAlike.plain(4000)
    let whole = try ArchiveTests.zip([member: "<t>\(LookAlike.apiKey())</t>\n", "zz.txt": noise])
    try git.write(name, whole)
    let report = try report()
    #expect(report.findings.flatMap(\.paths) == ["\(name)!/\(member)"])
    #expect(report.gaps.isEmpty)
    try git.write(name, Array(whole.prefix(whole.count * 2 / 3)))
    let damaged = try self.report()
    #expect(damaged.gaps.contains { $0.kind == "opaque" && $0.reason.contains("damaged") })
  }

  @Test func `a binary property list of an iOS app holds a public client key`() throws {
    let key = LookAlike.apiKey()
    let folder = TemporaryFolder()
    try folder.makeFolder("Payload/App.app")
    let made = try Tool.run(
      "/usr/bin/env",
      [
        "python3", "-c",
        """
        import plistlib, sys
        with open("Payload/App.app/GoogleService-Info.plist", "wb") as f:
            plistlib.dump({"API_KEY": sys.argv[1], "PROJECT_ID": "some-project"}, f,
                fmt=plistlib.FMT_BINARY)
        """, key,
      ], in: folder.path)
    #expect(made.status == 0, "\(made.errors)")
    let output = try Tool.shell("bsdtar --format zip -cf - Payload", in: folder.path)
    try git.write("App.ipa", output.bytes)
    let report = try report()
    #expect(report.findings.map(\.rule) == ["google.api-key/public-client"])
    #expect(
      report.findings.flatMap(\.paths) == ["App.ipa!/Payload/App.app/GoogleService-Info.plist"])
  }
}
