internal import Bytes
internal import Model

/// Reads which Google Cloud project a text speaks of.
///
/// The number stands in OAuth client ids, app ids, sender ids and the heads of FCM keys, the id in
/// names of hosts and service accounts (<https://firebase.google.com/docs/projects/learn-more>).
enum ProjectReader {
  /// How far from a secret a project's name may stand; in files that are about one project
  /// everything counts.
  private static let near = 1_500

  /// The project named nearest to a secret in the file at `path`; `nil` if none is.
  static func project(_ here: Vicinity, path: [UInt8]) -> CloudProject? {
    let name = String(
      decoding: path.map(\.lowercased).split(separator: UInt8(ascii: "/")).last ?? [],
      as: UTF8.self)
    let isWhole =
      name.hasSuffix("google-services.json") || name.hasSuffix("googleservice-info.plist")
    let range = isWhole ? here.window.indices : here.around(near)
    return CloudProject(number: number(here, in: range), id: id(here, in: range))
  }

  /// The project whose number is the head of an FCM server key: base64url of 64 bits.
  static func project(ofServerKey key: [UInt8]) -> CloudProject? {
    guard key.count > 12, key[11] == UInt8(ascii: ":") else { return nil }
    var number: UInt64 = 0
    for byte in key.prefix(11) {
      guard let digit = alphabet.firstIndex(of: byte) else { return nil }
      // Of 66 bits the last two are no part of it.
      number = number << 6 | UInt64(digit)
      if number >> 58 != 0 { return nil }
    }
    let text = String(number >> 2)
    return (6...14).contains(text.count) ? CloudProject(number: text, id: nil) : nil
  }

  private static let alphabet = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

  // MARK: Numbers

  private static let numberNames = [
    "messagingsenderid", "gcm_sender_id", "gcmsenderid", "project_number", "projectnumber",
    "fcm_sender_id", "sender_id",
  ]

  private static func number(_ here: Vicinity, in range: Range<Int>) -> String? {
    var found: [(distance: Int, text: String)] = []
    func note(_ digits: Range<Int>) {
      let text = String(decoding: here.window[digits], as: UTF8.self)
      // What nobody was given: 123456789012, 000000000000.
      guard (6...14).contains(digits.count), !text.hasPrefix("123456"), Set(text).count > 2 else {
        return
      }
      found.append((here.distance(to: digits.lowerBound), text))
    }
    for name in numberNames {
      for i in here.positions(of: name, in: range) {
        let rest = here.window[(i + name.utf8.count)..<min(range.upperBound, i + 60)]
        guard let start = rest.firstIndex(where: ByteSet.digits.contains) else { continue }
        // Nothing but marks and a plist's tags stands between.
        let between = String(decoding: rest[..<start], as: UTF8.self)
        guard !between.contains("\n\n"), !between.contains(",") else { continue }
        note(start..<here.end(ofDigitsAt: start))
      }
    }
    for i in here.positions(of: ".apps.googleusercontent.com", in: range) {
      var start = i
      while start > 0, ByteSet.alphanumerics.contains(here.window[start - 1]) { start -= 1 }
      if start > 1, here.window[start - 1] == UInt8(ascii: "-"), i - start >= 20 {
        let end = start - 1
        start = end
        while start > 0, ByteSet.digits.contains(here.window[start - 1]) { start -= 1 }
        note(start..<end)
      } else {
        note(start..<here.end(ofDigitsAt: start))
      }
    }
    for kind in [":android:", ":ios:", ":web:"] {
      for end in here.positions(of: kind, in: range) {
        var start = end
        while start > 0, ByteSet.digits.contains(here.window[start - 1]) { start -= 1 }
        if start > 1, here.window[start - 1] == UInt8(ascii: ":") { note(start..<end) }
      }
    }
    return found.min { $0.distance < $1.distance }?.text
  }

  // MARK: Ids

  private static let hosts = [
    ".firebaseapp.com", ".appspot.com", ".firebasestorage.app", "-default-rtdb.", ".firebaseio.com",
    ".iam.gserviceaccount.com", ".cloudfunctions.net",
  ]

  private static func id(_ here: Vicinity, in range: Range<Int>) -> String? {
    var found: [(distance: Int, text: String)] = []
    func note(_ bytes: Range<Int>) {
      let text = String(decoding: here.window[bytes], as: UTF8.self)
      guard (6...30).contains(text.utf8.count), text.first?.isLetter == true,
        !text.hasSuffix("-"), !isBlank(text)
      else { return }
      found.append((here.distance(to: bytes.lowerBound), text))
    }
    for host in hosts {
      for end in here.positions(of: host, in: range) {
        var start = end
        while start > 0, isOfID(here.window[start - 1]) { start -= 1 }
        note(start..<end)
      }
    }
    for name in ["project_id", "projectid"] {
      for i in here.positions(of: name, in: range) {
        let gap: Set<UInt8> = Set(" \t\"':=>\n\r".utf8)
        var start = i + name.utf8.count
        let limit = min(range.upperBound, start + 40)
        // In a plist the value has tags of its own.
        for tag in ["</key>", "<string>"] {
          while start < limit, gap.contains(here.window[start]) { start += 1 }
          if here.window[start...].starts(with: tag.utf8) { start += tag.utf8.count }
        }
        guard start < limit, start > i + name.utf8.count else { continue }
        var end = start
        while end < here.window.count, isOfID(here.window[end]) { end += 1 }
        // An expression is no id: `projectId: config.projectId`.
        if end < here.window.count, "\"'<\r\n, ".utf8.contains(here.window[end]) {
          note(start..<end)
        }
      }
    }
    return found.min { $0.distance < $1.distance }?.text
  }

  private static func isOfID(_ byte: UInt8) -> Bool {
    ByteSet.alphanumerics.contains(byte) || byte == UInt8(ascii: "-")
  }

  private static func isBlank(_ id: String) -> Bool {
    ["your-", "project-id", "projectid", "example", "placeholder", "xxxx"].contains {
      id.contains($0)
    }
  }
}

extension Vicinity {
  fileprivate func distance(to position: Int) -> Int {
    position < key.lowerBound ? key.lowerBound - position : position - key.upperBound
  }

  fileprivate func end(ofDigitsAt start: Int) -> Int {
    var end = start
    while end < window.count, ByteSet.digits.contains(window[end]) { end += 1 }
    return end
  }
}
