internal import Files

/// The files of environment variables that a tool would read, in its own order.
///
/// Sources: `findEnvFile` of google-gemini/gemini-cli `packages/cli/src/config/settings.ts`
/// @5411f11, `find_dotenv` of theskumar/python-dotenv `main.py` @002bfb6, `configDotenv` of
/// motdotla/dotenv `lib/main.js` @2fc7eac, `loadEnvConfig` of vercel/next.js
/// `packages/next-env/index.ts` @02279fb, `getEnvFilesForMode` of vitejs/vite
/// `packages/vite/src/node/env.ts` @041a3f1. All of them leave a variable alone that the process
/// has already.
package struct DotenvChain: Sendable {
  package let tool: Tool
  /// In the order in which the tool asks for them; for Next.js and Vite the strongest first.
  package let files: [FileSight]

  package enum Tool: String, CaseIterable, Sendable {
    case geminiCLI = "gemini-cli"
    case pythonDotenv = "python-dotenv"
    case javaScriptDotenv = "dotenv for JavaScript"
    case next = "Next.js (development)"
    case vite = "Vite (development)"

    /// Whether it ends an unquoted value at any `#`.
    package var cutsAtNumberSign: Bool { self != .pythonDotenv }
    /// Whether it reads `K: v`.
    package var readsColons: Bool { self != .pythonDotenv && self != .vite }
    /// Whether it lays several files over each other instead of taking one.
    package var readsAll: Bool { self == .next || self == .vite }
  }

  /// The names that a tool asks for below `folder`, absolute, in its order.
  package static func paths(of tool: Tool, from folder: [UInt8], home: [UInt8]?) -> [[UInt8]] {
    func at(_ folder: [UInt8], _ name: String) -> [UInt8] { Paths.join(folder, Array(name.utf8)) }
    switch tool {
    case .geminiCLI:
      var paths: [[UInt8]] = []
      for folder in upwards(from: folder) {
        paths += [at(folder, ".gemini/.env"), at(folder, ".env")]
      }
      if let home { paths += [at(home, ".gemini/.env"), at(home, ".env")] }
      var seen: Set<[UInt8]> = []
      return paths.filter { seen.insert($0).inserted }
    case .pythonDotenv: return upwards(from: folder).map { at($0, ".env") }
    case .javaScriptDotenv: return [at(folder, ".env")]
    case .next:
      return [".env.development.local", ".env.local", ".env.development", ".env"].map {
        at(folder, $0)
      }
    case .vite:
      return [".env.development.local", ".env.development", ".env.local", ".env"].map {
        at(folder, $0)
      }
    }
  }

  /// A folder and those above it, up to the root.
  private static func upwards(from folder: [UInt8]) -> [[UInt8]] {
    var folders = [folder]
    while let last = folders.last, last.count > 1 {
      let above = Paths.folder(of: last)
      folders.append(above.isEmpty ? [0x2F] : above)
    }
    return folders
  }

  package init(_ tool: Tool, from folder: [UInt8], home: [UInt8]?, sights: inout Sights) {
    self.tool = tool
    files = Self.paths(of: tool, from: folder, home: home).map { sights[$0] }
  }

  /// Where the tool stops: the first that exists, or the first that is a file.
  package var stop: FileSight? {
    switch tool {
    case .geminiCLI: files.first(where: \.exists)
    case .pythonDotenv: files.first(where: \.isFile)
    case .javaScriptDotenv: files.first
    case .next, .vite: nil
    }
  }

  /// What the tool really reads, strongest first.
  package var read: [FileSight] {
    tool.readsAll ? files.filter { $0.content != nil } : stop.map { [$0] } ?? []
  }

  /// What the tool takes for `name`, and from which file.
  package func taken(_ name: String) -> (file: FileSight, definition: Definition)? {
    for file in read {
      guard let content = file.content else { continue }
      let found = DotenvText(content).definitions.last { definition in
        definition.name == name && definition.counts
          && (tool.readsColons || !definition.has(.colon))
      }
      if let found { return (file, found) }
    }
    return nil
  }

  /// Files that hold a key and that the tool never comes to, with the name.
  package var unreached: [(file: FileSight, definition: Definition)] {
    guard !tool.readsAll, let stop, let i = files.firstIndex(where: { $0.path == stop.path }) else {
      return []
    }
    return files[(i + 1)...].compactMap { file in
      guard let content = file.content else { return nil }
      let text = DotenvText(content)
      return VariableName.keys.lazy.compactMap(text.definition(of:)).first.map { (file, $0) }
    }
  }
}

/// Files that were looked at, so that each is read once.
package struct Sights: Sendable {
  private var seen: [[UInt8]: FileSight] = [:]

  package init() {}

  package subscript(path: [UInt8]) -> FileSight {
    mutating get {
      if let sight = seen[path] { return sight }
      let sight = FileSight(path: path)
      seen[path] = sight
      return sight
    }
  }
}
