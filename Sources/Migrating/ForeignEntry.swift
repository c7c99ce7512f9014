internal import Bytes
internal import Crypto
package import Documents
package import Model

/// Something that another scanner was told to pass over, at one place.
package struct ForeignEntry: Equatable, Sendable {
  /// Where it stands, as the user knows it: `.gitleaksignore:12`.
  package let source: String
  /// What the other scanner calls it.
  package var rule: String
  /// From the root of the repository.
  package var path: [UInt8]
  /// The commit in whose version the line counts, in full; `nil` for any.
  package var commit: String?
  /// From 1; `nil` if the other scanner does not say, 0 for the file itself.
  package var line: Int?
  /// The secret, if the file has it; nothing of it is ever written.
  package var secret: Secret?
  /// The SHA-1 of the secret, if the file has that.
  package var digest: [UInt8]?
  /// What a person said of it.
  package var note: String?

  package init(
    source: String, rule: String, path: [UInt8], commit: String? = nil, line: Int? = nil,
    digest: [UInt8]? = nil, note: String? = nil
  ) {
    self.source = source
    self.rule = rule
    self.path = path
    self.commit = commit
    self.line = line
    self.digest = digest
    self.note = note
  }

  /// Whether a finding's secret is the one that is meant, as far as the entry itself says.
  package func means(_ secret: Secret) -> Bool {
    if let own = self.secret {
      // Two scanners seldom cut a secret at the same bytes.
      return own == secret || Self.holds(own.exposed, secret.exposed)
        || Self.holds(secret.exposed, own.exposed)
    }
    return digest.map { Array(Insecure.SHA1.hash(data: secret.exposed)) == $0 } ?? false
  }

  private static func holds(_ long: [UInt8], _ short: [UInt8]) -> Bool {
    // A piece that many secrets share, such as a token's head, means none of them.
    guard short.count >= 8, long.count >= short.count, short.count * 5 >= long.count * 4 else {
      return false
    }
    return (0...(long.count - short.count)).contains { start in
      long[start..<(start + short.count)].elementsEqual(short)
    }
  }
}

/// The entries of one file, and its lines that say nothing.
package struct ForeignEntries: Equatable, Sendable {
  package var entries: [ForeignEntry] = []
  package var left: [ForeignConfiguration.Left] = []
  /// Expressions about paths that the file leaves out.
  package var pathPatterns: [(place: String, pattern: String)] = []

  package init() {}

  package static func == (a: ForeignEntries, b: ForeignEntries) -> Bool {
    a.entries == b.entries && a.left == b.left
      && a.pathPatterns.elementsEqual(b.pathPatterns) { $0 == $1 }
  }

  /// The most bytes of an ignore file.
  package static let sizeLimit = 64 << 20
}

// MARK: .gitleaksignore

extension ForeignEntries {
  /// Reads a `.gitleaksignore` or `.betterleaksignore`: a fingerprint a line,
  /// `file:rule:line` or `commit:file:rule:line`.
  package static func ignoreFile(_ content: [UInt8], file: String) -> ForeignEntries {
    var result = ForeignEntries()
    let lines = content.split(separator: 0x0A, omittingEmptySubsequences: false)
    for (i, bytes) in lines.enumerated() {
      let line = bytes.trimmed
      if line.isEmpty || line.first == UInt8(ascii: "#") { continue }
      let place = "\(file):\(i + 1)"
      if let entry = entry(line, at: place) {
        result.entries.append(entry)
      } else {
        result.left.append(
          ForeignConfiguration.Left(
            place,
            "it is no fingerprint (file:rule:line or commit:file:rule:line), so that it has no "
              + "effect in gitleaks either"))
      }
    }
    return result
  }

  /// A path may hold colons, so that the rule and the line are taken from the end.
  private static func entry(_ line: ArraySlice<UInt8>, at place: String) -> ForeignEntry? {
    let parts = line.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
    guard parts.count >= 3,
      let number = Int(String(decoding: parts[parts.count - 1], as: UTF8.self)),
      number >= 0
    else { return nil }
    var front = parts.dropLast(2)
    var commit: String?
    if let first = front.first, front.count > 1, [40, 64].contains(first.count),
      first.allSatisfy(ByteSet.hexadecimal.contains)
    {
      commit = String(decoding: first, as: UTF8.self).lowercased()
      front = front.dropFirst()
    }
    let path = Array(front.joined(separator: [UInt8(ascii: ":")]))
    let rule = String(decoding: parts[parts.count - 2], as: UTF8.self)
    // A rule's name has no slash: then the line is something else.
    guard !path.isEmpty, !rule.isEmpty, !rule.contains("/") else { return nil }
    return ForeignEntry(
      source: place, rule: rule,
      path: path.map { $0 == UInt8(ascii: "\\") ? UInt8(ascii: "/") : $0 },
      commit: commit, line: number)
  }
}

extension ArraySlice<UInt8> {
  fileprivate var trimmed: ArraySlice<UInt8> {
    let isBlank = { (byte: UInt8) in byte == 0x20 || byte == 0x09 || byte == 0x0D }
    let start = self.drop(while: isBlank)
    return start.prefix(
      (start.lastIndex { !isBlank($0) } ?? start.startIndex - 1) - start.startIndex + 1)
  }
}

// MARK: A report of gitleaks

extension ForeignEntries {
  /// One finding of a report, of which only what tells it from others is read.
  private struct ReportFinding: Decodable {
    let rule: String
    let file: String
    let commit: String?
    let line: Int?
    let secret: String?

    private enum Key: String, CodingKey {
      case RuleID, File, Commit, StartLine, Secret
    }

    init(from decoder: any Decoder) throws {
      let values = try decoder.container(keyedBy: Key.self)
      rule = try values.decode(String.self, forKey: .RuleID)
      file = try values.decode(String.self, forKey: .File)
      commit = try values.decodeIfPresent(String.self, forKey: .Commit)
      line = try values.decodeIfPresent(Int.self, forKey: .StartLine)
      secret = try values.decodeIfPresent(String.self, forKey: .Secret)
    }
  }

  /// Reads a JSON report of gitleaks 8 or betterleaks 1, which both take for a baseline.
  package static func report(
    _ content: [UInt8], file: String
  ) throws(DocumentError) -> ForeignEntries {
    let findings = try JSONDocument.value(
      [ReportFinding]?.self, of: content, file: file, what: "report of gitleaks 8")
    var result = ForeignEntries()
    for (i, finding) in (findings ?? []).enumerated() {
      var entry = ForeignEntry(
        source: "\(file)[\(i)]", rule: finding.rule, path: Array(finding.file.utf8),
        commit: finding.commit.flatMap { commit in
          // Anything else could name a revision.
          [40, 64].contains(commit.utf8.count)
            && commit.utf8.allSatisfy(ByteSet.hexadecimal.contains) ? commit.lowercased() : nil
        },
        line: finding.line)
      // What is redacted tells nothing.
      if let secret = finding.secret, secret.utf8.count >= 4, secret != "REDACTED",
        !secret.hasSuffix("...")
      {
        entry.secret = Secret(Array(secret.utf8))
      }
      result.entries.append(entry)
    }
    return result
  }
}

// MARK: .secrets.baseline

extension ForeignEntries {
  private struct DetectSecrets: Decodable {
    struct Found: Decodable {
      let type: String
      let hashed_secret: String
      let line_number: Int?
      let is_secret: Bool?
    }

    struct Filter: Decodable {
      let path: String
      let pattern: [String]?

      private enum Key: String, CodingKey { case path, pattern }

      init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: Key.self)
        path = try values.decode(String.self, forKey: .path)
        // Filters of other kinds have other things by this name.
        pattern = try? values.decodeIfPresent([String].self, forKey: .pattern)
      }
    }

    struct Exclude: Decodable {
      let files: String?
      let lines: String?
    }

    let version: String?
    let exclude: Exclude?
    let exclude_regex: String?
    let filters_used: [Filter]?
    let results: [String: [Found]]
  }

  /// Reads a baseline of detect-secrets, of any version.
  package static func secretsBaseline(
    _ content: [UInt8], file: String
  ) throws(DocumentError) -> ForeignEntries {
    let baseline = try JSONDocument.value(
      DetectSecrets.self, of: content, file: file, what: "baseline of detect-secrets")
    var result = ForeignEntries()
    for (path, all) in baseline.results.sorted(by: { $0.key < $1.key }) {
      for (i, found) in all.enumerated() {
        let digest = [UInt8](hexadecimal: found.hashed_secret)
        result.entries.append(
          ForeignEntry(
            source: "\(file): results.\(path)[\(i)]", rule: found.type,
            path: path.utf8.map { $0 == UInt8(ascii: "\\") ? UInt8(ascii: "/") : $0 },
            line: found.line_number, digest: digest,
            note: found.is_secret.map {
              $0 ? "audited as a secret: replace it" : "audited as no secret"
            }))
      }
    }
    if let pattern = baseline.exclude?.files {
      result.pathPatterns.append(("exclude.files", pattern))
    }
    if let pattern = baseline.exclude_regex {
      result.pathPatterns.append(("exclude_regex", pattern))
    }
    if baseline.exclude?.lines != nil {
      result.left.append(
        ForeignConfiguration.Left("exclude.lines", Self.linesReason))
    }
    for (i, filter) in (baseline.filters_used ?? []).enumerated() {
      let place = "filters_used[\(i)]"
      switch filter.path {
      case let path where path.hasSuffix(".regex.should_exclude_file"):
        for pattern in filter.pattern ?? [] { result.pathPatterns.append((place, pattern)) }
      case let path where path.hasSuffix(".regex.should_exclude_line"):
        result.left.append(ForeignConfiguration.Left(place, Self.linesReason))
      case let path where path.hasSuffix(".regex.should_exclude_secret"):
        result.left.append(
          ForeignConfiguration.Left(
            place, "keyscan passes over single secrets by their fingerprints, in the baseline"))
      case let path where path.hasPrefix("file://"):
        result.left.append(
          ForeignConfiguration.Left(place, "it is a program of its own, which is never run"))
      // The others are what detect-secrets does of itself.
      default: break
      }
    }
    return result
  }

  private static let linesReason =
    "keyscan does not pass over lines by what stands in them; a comment keyscan:allow does that"
}
