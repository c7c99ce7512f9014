internal import Files
package import Inputs
package import Model

/// The rules that speak of files of environment variables as such.
package enum DotenvRules {
  package static let tracked = RuleID("dotenv.tracked")
  package static let unignored = RuleID("dotenv.unignored")
  package static let plaintext = RuleID("dotenv.plaintext")

  /// What the rules are, for reports that describe them.
  package static let notes: [RuleNote] = [
    RuleNote(
      id: plaintext,
      title: "File of environment variables in the clear behind a promise to encrypt",
      provider: "dotenv", severity: .high,
      description:
        "The file is in the index, and .gitattributes or the file itself says that it is "
        + "encrypted: by git-crypt, transcrypt, sops, dotenvx. What git holds can be read.",
      help: [
        "Take the file out of the index, set the encryption up, and add the file again.",
        "Replace every secret that stood in it, if it was ever pushed.",
      ],
      references: [
        "https://github.com/AGWA/git-crypt", "https://getsops.io/docs/",
        "https://dotenvx.com/docs/",
      ]),
    RuleNote(
      id: tracked, title: "File of environment variables in git", provider: "dotenv",
      severity: .high,
      description:
        "The file is in the index, so it is committed or about to be. Such files hold what "
        + "differs from machine to machine, secrets above all.",
      help: [
        "Take the file out of the index with git rm --cached, and add an ignore line for it.",
        "Replace every secret that stood in it, if it was ever pushed.",
      ],
      references: ["https://12factor.net/config"]),
    RuleNote(
      id: unignored, title: "File of environment variables that git does not ignore",
      provider: "dotenv", severity: .high,
      description:
        "No ignore line covers the file, so the next git add takes it along.",
      help: ["Add an ignore line for the file before anything is committed."],
      references: ["https://git-scm.com/docs/gitignore"]),
  ]

  // MARK: Names

  /// Whether the content of a file with this name is wanted after it was scanned.
  package static func keepsContent(of name: [UInt8]) -> Bool {
    DotenvName(name) != nil || ComposeFile.isOne(name)
  }

  /// Whether a folder with this name may be meant to be a file.
  package static func watches(_ name: [UInt8]) -> Bool { name.elementsEqual(".env".utf8) }

  /// Whether a file with this name is worth a look even if git ignores it.
  package static func watchesFile(_ name: [UInt8]) -> Bool {
    DotenvName(name).map { $0 != .template } ?? false
  }

  // MARK: Hints

  /// What to say of a folder that has the name of a file of variables.
  package static func hint(for folder: Lister.WatchedFolder) -> Hint {
    let isVirtualEnvironment =
      (try? folder.parent.folder(named: Paths.name(of: folder.path))
        .status(of: Array("pyvenv.cfg".utf8))) != nil
    let reason =
      isVirtualEnvironment
      ? "a folder with this name, a Python virtual environment; many tools look for a file here, "
        + "fail on it without a word and do not look further"
      : "a folder with this name; many tools look for a file here, fail on it without a word and "
        + "do not look further (a container's mount of a file that was missing makes one)"
    return Hint(subject: ForeignText(folder.tree.prefix + folder.path), text: ForeignText(reason))
  }

  /// How many ignored files are looked at: of a thousand alike the first ones tell.
  private static let hintLimit = 200

  /// What to say of files that git ignores here: whom that does not help, and what takes them
  /// along all the same.
  package static func hints(ofIgnored files: [Lister.WatchedFile]) -> [Hint] {
    let files = Array(files.prefix(hintLimit))
    let shipping = Shipping(near: files)
    return files.flatMap { file -> [Hint] in
      let subject = ForeignText(file.tree.prefix + file.path)
      var hints = shipping.ways(for: file.path, in: file.tree).map { way in
        Hint(
          subject: subject,
          text: ForeignText(Array("git ignores it, but ".utf8) + way.sentence.bytes))
      }
      let explanation = IgnoreExplanation(of: file.path, in: file.tree)
      guard let covering = explanation.covering, !covering.isShared else { return hints }
      var text =
        Array("only ".utf8) + covering.place.bytes
        + Array(" ignores it, which is not in the repository: everybody else has no such line".utf8)
      if let advice = IgnoreAdvice(for: file.path, in: file.tree) {
        text += Array("; add the line ".utf8) + advice.line + Array(" to ".utf8) + advice.file
      }
      hints.append(Hint(subject: subject, text: ForeignText(text)))
      return hints
    }
  }
}
