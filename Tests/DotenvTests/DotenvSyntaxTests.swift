import Dotenv
import Testing

/// What the readers for JavaScript, Python, Go and Ruby differ in.
struct DotenvSyntaxTests {
  private func read(_ text: String) -> [String] {
    DotenvFile(Array(text.utf8)).assignments.map { "\($0.key)|\($0.value)" }
  }

  @Test func `export is no part of the name`() {
    #expect(read("export K=v\n  export  L = w\nexporter=x") == ["K|v", "L|w", "exporter|x"])
  }

  @Test func `a colon assigns, but for JavaScript, Go and Ruby`() {
    #expect(read("K: v\nL : 'w'") == ["K|v", "L|w"])
  }

  @Test func `names have what any reader admits`() {
    #expect(
      read("a.b=1\na-b=2\n'q'=3\na/b=4\nclé=5\n") == [
        "a.b|1", "a-b|2", "q|3", "a/b|4", "clé|5",
      ])
    // What is no name of a variable before a colon is an address or a path.
    #expect(read("a/b: 4\nsee http://x/y\n") == [])
  }

  @Test func `quotes of every kind go over lines`() {
    #expect(read("A='x\ny'\nB=\"x\ny\"\nC=`x\ny`\nD=1") == ["A|x\ny", "B|x\ny", "C|x\ny", "D|1"])
    #expect(read("A=\"it's\"\nB='say \"x\"'\nC=`'\"`") == ["A|it's", "B|say \"x\"", "C|'\""])
  }

  @Test func `the longest value that any reader takes is taken`() {
    #expect(read("A=b#c\nB=b #c\nC='b #c' # d\nD=\"x\"# e") == ["A|b#c", "B|b", "C|b #c", "D|x"])
    // For Python and Go this is a value, for the others nothing.
    #expect(
      read("PASSWORD=#hunter2\nB=# a comment\nC=#\nD= # x y\n") == [
        "PASSWORD|#hunter2", "B|", "C|", "D|",
      ])
  }

  @Test func `escapes do not end a value in double quotes`() {
    #expect(read(#"A="a\"b\nc""#) == [#"A|a\"b\nc"#])
  }

  @Test func `marks of encodings and every line end are read`() {
    #expect(read("\u{FEFF}A=1\r\nB=2\rC=3\nD=\"4\"\r\n") == ["A|1", "B|2", "C|3", "D|4"])
    let wide = Array("A=1\r\nB='é'\r\n".utf16)
    var little: [UInt8] = [0xFF, 0xFE]
    var big: [UInt8] = [0xFE, 0xFF]
    for unit in wide {
      let (high, low) = (UInt8(unit >> 8), UInt8(unit & 0xFF))
      little += [low, high]
      big += [high, low]
    }
    for bytes in [little, big] {
      #expect(DotenvFile(bytes).assignments.map(\.value) == ["1", "é"])
    }
  }

  @Test func `each assignment says its line`() {
    let text = "# c\r\nA=1\n\nB='x\ny'\rC=2\n"
    #expect(DotenvFile(Array(text.utf8)).assignments.map(\.line) == [2, 4, 6])
    // Another line is no other value.
    #expect(
      DotenvFile(Array("\nA=1".utf8)).assignments == DotenvFile(Array("A=1".utf8)).assignments)
  }

  @Test(arguments: ["encrypted:BEabc", "ENC[AES256_GCM,data:x]"])
  func `who promises to encrypt is known`(value: String) {
    let sops = DotenvFile(Array("A=\(value)\nsops_mac=ENC[x]\n".utf8))
    #expect(sops.hasNothingPlain && sops.encryptor == "sops")
    let plain = DotenvFile(Array("A=\(value)\nB=hunter2\nDOTENV_PUBLIC_KEY=02\n".utf8))
    #expect(!plain.hasNothingPlain && plain.encryptor == "dotenvx")
    #expect(DotenvFile(Array("A=1".utf8)).encryptor == nil)
  }

  @Test(arguments: [
    "\0GITCRYPT\0x", "U2FsdGVkX1x", "$ANSIBLE_VAULT;1.1", "age-encryption.org/v1\n",
    "-----BEGIN PGP MESSAGE-----\n",
  ])
  func `a file that is encrypted as a whole is known`(content: String) {
    #expect(DotenvFile(Array(content.utf8)).isEncrypted)
    #expect(!DotenvFile(Array("A=1\n\(content)".utf8)).isEncrypted)
  }
}
