internal import Files
internal import Git
internal import Inputs

/// How reports name ignore files.
enum IgnoreFileName {
  /// The name of the private ignore file `source`: what everybody has in the same place is named
  /// from there.
  static func shown(_ source: [UInt8], in tree: WorkTree) -> [UInt8] {
    if let location = tree.location, let inside = Paths.relative(source, to: location.commonFolder)
    {
      return Array(".git/".utf8) + inside
    }
    if let home = CurrentProcess.variable("HOME"), !home.isEmpty,
      let inside = Paths.relative(source, to: Array(home.utf8))
    {
      return Array("~/".utf8) + inside
    }
    return source
  }
}
