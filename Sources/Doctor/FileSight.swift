internal import Files

/// What stands at a path where a program would look, read within bounds.
///
/// Links are followed, as those programs do; a FIFO or a device is never opened.
package struct FileSight: Sendable {
  /// Absolute.
  package let path: [UInt8]
  package let isLink: Bool
  package let state: State

  package enum State: Equatable, Sendable {
    case missing
    /// A link to where nothing is.
    case dangling
    case folder(isVirtualEnvironment: Bool)
    /// A FIFO, a socket or a device.
    case special
    /// A file that may not be read.
    case unreadable(reason: String)
    /// What stands there cannot be told; to other programs it is as if nothing did.
    case unreachable(reason: String)
    case tooLarge
    /// What it says, in UTF-8; programs read the bytes as they are.
    case wide([UInt8])
    case text([UInt8])
  }

  /// The most bytes of a file that are read.
  package static let limit = 1 << 20

  package init(path: [UInt8]) {
    self.path = path
    isLink = Self.isLink(path)
    let kind: FileKind
    do throws(FileError) {
      kind = try Paths.status(path).kind
    } catch {
      state = error.isMissing ? isLink ? .dangling : .missing : .unreachable(reason: error.reason)
      return
    }
    do throws(FileError) {
      switch kind {
      case .folder:
        let mark = Paths.join(path, Array("pyvenv.cfg".utf8))
        state = .folder(isVirtualEnvironment: (try? Paths.status(mark)) != nil)
      case .regular: state = try Self.read(path)
      case .special, .link: state = .special
      }
    } catch {
      state = .unreadable(reason: error.reason)
    }
  }

  /// Whether the name is a link; a folder that may be gone through but not listed does not tell.
  private static func isLink(_ path: [UInt8]) -> Bool {
    let folder = try? Folder(at: Paths.folder(of: path) + [UInt8(ascii: "/")])
    return (try? folder?.status(of: Paths.name(of: path)))?.kind == .link
  }

  private static func read(_ path: [UInt8]) throws(FileError) -> State {
    let file = try File(at: path)
    // It may have become something else meanwhile.
    guard try file.status().kind == .regular else { return .special }
    guard let content = try file.contents(limit: limit) else { return .tooLarge }
    return wideText(content).map(State.wide) ?? .text(content)
  }

  /// The text of UTF-16 with its mark, or without one if every second byte is zero.
  private static func wideText(_ content: [UInt8]) -> [UInt8]? {
    let isLittle: Bool
    if content.starts(with: [0xFF, 0xFE]) {
      isLittle = true
    } else if content.starts(with: [0xFE, 0xFF]) {
      isLittle = false
    } else {
      let head = content.prefix(64)
      guard head.count >= 8 else { return nil }
      let zeros = head.indices.filter { head[$0] == 0 }
      guard zeros.count >= head.count / 2 - 1 else { return nil }
      isLittle = zeros.allSatisfy { $0 % 2 == 1 }
      guard isLittle || zeros.allSatisfy({ $0 % 2 == 0 }) else { return nil }
    }
    let units = stride(from: 0, to: content.count - 1, by: 2).map { i in
      let (a, b) = (UInt16(content[i]), UInt16(content[i + 1]))
      return isLittle ? a | b << 8 : a << 8 | b
    }
    return Array(String(decoding: units, as: UTF16.self).utf8)
  }

  /// Whether something is there, as `existsSync` asks: links followed, of any kind.
  package var exists: Bool {
    switch state {
    case .missing, .dangling, .unreachable: false
    default: true
    }
  }

  /// Whether there is something to tell: it exists, or is a link, or cannot be reached.
  package var isWorthTelling: Bool { state != .missing }

  /// Whether it is a file, as careful readers ask before they stop at it.
  package var isFile: Bool {
    switch state {
    case .text, .wide, .tooLarge, .unreadable: true
    default: false
    }
  }

  /// What programs can take from it; `nil` for what is no text.
  package var content: [UInt8]? {
    if case .text(let content) = state { return content }
    return nil
  }
}
