internal import Files
internal import Git
internal import Inputs
internal import Model

/// What would take a file of variables along besides git: an image, a package.
struct Shipping {
  /// One way out.
  struct Way: Equatable {
    /// What takes the file along, as a sentence without its end.
    let sentence: ForeignText
    /// What to do, as a sentence.
    let advice: ForeignText
    /// How bad that is if the file gives something away.
    let severity: Severity
  }

  /// An image, and the folder whose files its recipe copies from.
  private struct Build {
    let tree: WorkTree
    let recipe: ImageRecipe
    /// From the root of the tree.
    let recipePath: [UInt8]
    /// From the root of the tree, with a slash at its end; empty for the root.
    let context: [UInt8]
    let ignoring: ContextIgnoreFile
  }

  private var builds: [Build] = []

  /// Looks for recipes beside `files` and in the folders above them.
  init(near files: [Lister.WatchedFile]) {
    var seen: Set<[UInt8]> = []
    for file in files {
      var folder = Paths.folder(of: file.path)
      while true {
        guard seen.insert(file.tree.prefix + [0] + folder).inserted else { break }
        for name in ["Dockerfile", "Containerfile"] {
          add(recipeAt: Paths.join(folder, Array(name.utf8)), in: file.tree, contexts: [folder])
        }
        if folder.isEmpty { break }
        folder = Paths.folder(of: folder)
      }
    }
  }

  /// Takes the recipes and the Compose files that a survey met.
  init(_ survey: EnvSurvey) {
    // A Compose file may say that an image is built from another folder than its recipe's.
    var contexts: [(tree: WorkTree, recipe: [UInt8], context: [UInt8])] = []
    for item in survey.compositions {
      guard let tree = item.tree, let content = survey.content(of: item) else { continue }
      let folder = Paths.folder(of: Array(item.path.dropFirst(tree.prefix.count)))
      for build in ComposeFile(content).builds {
        guard let context = InnerPath.resolve(build.context, from: folder),
          let recipe = InnerPath.resolve(
            build.recipe ?? Array("Dockerfile".utf8), from: context)
        else { continue }
        contexts.append((tree, recipe, context))
      }
    }
    for (tree, path) in survey.recipes {
      let named = contexts.filter { $0.tree === tree && $0.recipe == path }.map(\.context)
      add(
        recipeAt: path, in: tree, contexts: named.isEmpty ? [Paths.folder(of: path)] : named)
    }
  }

  private mutating func add(recipeAt path: [UInt8], in tree: WorkTree, contexts: [[UInt8]]) {
    guard let content = Self.content(of: path, in: tree) else { return }
    for context in contexts {
      builds.append(
        Build(
          tree: tree, recipe: ImageRecipe(content), recipePath: path,
          context: context.isEmpty ? [] : context + [UInt8(ascii: "/")],
          ignoring: ContextIgnoreFile(for: path, context: context, in: tree)))
    }
  }

  /// What takes along the file at `path`, which is from the root of `tree`.
  func ways(for path: [UInt8], in tree: WorkTree) -> [Way] {
    var ways: [Way] = []
    for build in builds where build.tree === tree && path.starts(with: build.context) {
      let inside = Array(path.dropFirst(build.context.count))
      guard let copy = build.recipe.copies.first(where: { $0.takes(inside) }),
        !build.ignoring.leavesOut(inside)
      else { continue }
      let file = tree.prefix + build.recipePath
      let ignoring = build.ignoring.path.map {
        Array(", and ".utf8) + tree.prefix + $0 + Array(" does not leave it out".utf8)
      }
      let place = tree.prefix + (build.ignoring.path ?? build.context + ContextIgnoreFile.name)
      ways.append(
        Way(
          sentence: ForeignText(
            file + Array(":\(copy.line) copies it into an image (".utf8) + copy.text
              + Array(")".utf8) + (ignoring ?? Array(", and there is no .dockerignore".utf8))),
          advice: ForeignText(
            Array("Add the line **/".utf8) + Paths.name(of: path) + Array(" to ".utf8) + place
              + Array(".".utf8)),
          severity: .medium))
    }
    if let package = NodePackage(around: path, in: tree), let way = package.way(for: path) {
      ways.append(way)
    }
    return ways
  }

  /// The content of a file of a tree; `nil` if there is none that can be read.
  static func content(of path: [UInt8], in tree: WorkTree) -> [UInt8]? {
    guard let file = try? tree.root.file(at: path), (try? file.status())?.kind == .regular else {
      return nil
    }
    return try? file.contents(limit: EnvironmentFileTargets.contentLimit)
  }
}
