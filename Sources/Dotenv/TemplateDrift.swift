internal import Files
internal import Inputs
internal import Model

/// How a file of variables differs from the form that it was filled in from.
enum TemplateDrift {
  /// The words that a form's name has more than the file's.
  private static let words = ["example", "sample", "template", "dist", "defaults", "schema"]

  /// Compares `file`, which stands at `path` in `tree`, with the form beside it; `nil` if there is
  /// none, or if both have the same variables.
  static func find(_ file: DotenvFile, at path: [UInt8], in tree: WorkTree) -> EnvFile.Drift? {
    let folder = Paths.folder(of: path)
    let name = Paths.name(of: path)
    var candidates = words.map { name + Array(".\($0)".utf8) }
    if name.elementsEqual(".env".utf8) {
      candidates += ["env.example", "example.env", "env.sample"].map { Array($0.utf8) }
    }
    for candidate in candidates {
      let place = Paths.join(folder, candidate)
      guard let form = try? tree.root.file(at: place), (try? form.status())?.kind == .regular,
        let content = try? form.contents(limit: EnvironmentFileTargets.contentLimit)
      else { continue }
      let wanted = names(in: DotenvFile(content))
      let present = names(in: file)
      let missing = wanted.filter { !present.contains($0) }
      let extra = present.filter { !wanted.contains($0) }
      if missing.isEmpty, extra.isEmpty { return nil }
      return EnvFile.Drift(
        template: ForeignText(tree.prefix + place), missing: missing.map { ForeignText($0) },
        extra: extra.map { ForeignText($0) })
    }
    return nil
  }

  private static func names(in file: DotenvFile) -> [String] {
    var seen: Set<String> = []
    return file.assignments.map(\.key).filter { seen.insert($0).inserted }
  }
}
