/// What a person wants to know of a commit.
package struct CommitLabel: Equatable, Sendable {
  /// The author's name, as it stands there.
  package let author: [UInt8]
  /// When the author made it, in seconds since 1970.
  package let date: Int
  /// The first line of the message.
  package let subject: [UInt8]

  /// Takes the content of a commit apart.
  package init(_ bytes: Span<UInt8>) {
    var author: [UInt8] = []
    var date = 0
    var i = 0
    while i < bytes.count, bytes[i] != UInt8(ascii: "\n") {
      var line: [UInt8] = []
      while i < bytes.count, bytes[i] != UInt8(ascii: "\n") {
        line.append(bytes[i])
        i += 1
      }
      i += 1
      guard line.starts(with: "author ".utf8) else { continue }
      author = Array(line.dropFirst(7).prefix { $0 != UInt8(ascii: "<") })
      while author.last == UInt8(ascii: " ") { author.removeLast() }
      let words = line.split(separator: UInt8(ascii: " "))
      date = words.dropLast().last.flatMap { Int(String(decoding: $0, as: UTF8.self)) } ?? 0
    }
    i += 1
    var subject: [UInt8] = []
    while i < bytes.count, bytes[i] != UInt8(ascii: "\n") {
      subject.append(bytes[i])
      i += 1
    }
    self.author = author
    self.date = date
    self.subject = subject
  }
}
