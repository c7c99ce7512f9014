import Foundation
import Testing

/// The real binary, run as a user runs it.
package enum Keyscan {
  /// Where the binary is: `KEYSCAN_BINARY`, or beside the tests.
  package static let program: String = {
    if let named = ProcessInfo.processInfo.environment["KEYSCAN_BINARY"] { return named }
    let tests = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
    var folder = tests.deletingLastPathComponent()
    for _ in 0..<4 {
      let candidate = folder.appendingPathComponent("keyscan").path
      var isFolder: ObjCBool = false
      if FileManager.default.fileExists(atPath: candidate, isDirectory: &isFolder),
        !isFolder.boolValue
      {
        return candidate
      }
      folder.deleteLastPathComponent()
    }
    return "keyscan"
  }()

  /// Where runs keep what they keep, unless a test says otherwise.
  private static let home = TemporaryFolder()

  /// Runs keyscan in `folder`.
  package static func run(
    _ arguments: [String], in folder: String, environment: [String: String]? = nil,
    input: [UInt8] = []
  ) throws -> Tool.Output {
    var whole = environment ?? usualEnvironment
    whole["NO_COLOR"] = whole["NO_COLOR"] ?? "1"
    let output = try Tool.run(
      program, arguments, in: folder, environment: whole, input: input)
    // No run may show a secret unless it was asked to.
    if !arguments.contains("--show-secrets"),
      Leaks.stand(in: output.bytes) || Leaks.stand(in: output.errorBytes)
    {
      Issue.record("keyscan \(arguments.joined(separator: " ")) shows a secret:\n\(output.text)")
    }
    return output
  }

  /// Runs keyscan in `folder` with the usual environment and some more in it.
  package static func run(
    _ arguments: [String], in folder: String, adding more: [String: String], input: [UInt8] = []
  ) throws -> Tool.Output {
    try run(
      arguments, in: folder, environment: usualEnvironment.merging(more) { $1 }, input: input)
  }

  private static var usualEnvironment: [String: String] {
    ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("GIT_") }.merging([
      "XDG_STATE_HOME": home.at("state"), "XDG_CACHE_HOME": home.at("cache"),
      "XDG_CONFIG_HOME": home.at("config"),
    ]) { $1 }
  }

  /// Runs keyscan and reads its JSON report.
  package static func report(
    _ arguments: [String] = ["."], in folder: String, environment: [String: String]? = nil,
    input: [UInt8] = []
  ) throws -> Report {
    let output = try run(
      arguments + ["--format", "json"], in: folder, environment: environment, input: input)
    guard
      let object = try? JSONSerialization.jsonObject(with: Data(output.bytes)),
      let json = object as? [String: Any]
    else {
      throw Tool.Failure(
        description: "no JSON report; status \(output.status): \(output.errors)\(output.text)")
    }
    return Report(json: json, status: output.status, errors: output.errors)
  }

  /// A JSON report, as far as tests look at it.
  package struct Report {
    package let json: [String: Any]
    package let status: Int32
    package let errors: String

    package init(json: [String: Any], status: Int32, errors: String) {
      self.json = json
      self.status = status
      self.errors = errors
    }

    package struct Place: Equatable {
      package let path: String
      package let line: Int?
      package let column: Int?
      package let standsIn: [String]
      package let decoded: [String]
      package let commit: String?
      package let offset: Int?
      package let length: Int?
    }

    package struct Finding {
      package let json: [String: Any]
      package let rule: String
      package let severity: String
      package let confidence: String
      package let secret: String?
      package let fingerprint: String
      package let alsoMatched: [String]
      package let advice: [String]
      package let notes: [String]
      /// The notes but the one on how old it is: a fixture's commits are old.
      package var notesButAge: [String] { notes.filter { !$0.hasPrefix("it stands there since ") } }
      package let places: [Place]

      package var paths: [String] { places.map(\.path) }
      package var standsIn: [String] { json["standsIn"] as? [String] ?? [] }
    }

    package struct Gap: Equatable {
      package let kind: String
      package let subject: String
      package let reason: String
      package let fails: Bool
    }

    package var findings: [Finding] {
      (json["findings"] as? [[String: Any]] ?? []).map { json in
        Finding(
          json: json, rule: json["rule"] as? String ?? "",
          severity: json["severity"] as? String ?? "",
          confidence: json["confidence"] as? String ?? "", secret: json["secret"] as? String,
          fingerprint: json["fingerprint"] as? String ?? "",
          alsoMatched: json["alsoMatched"] as? [String] ?? [],
          advice: json["advice"] as? [String] ?? [], notes: json["notes"] as? [String] ?? [],
          places: (json["places"] as? [[String: Any]] ?? []).map { place in
            Place(
              path: place["path"] as? String ?? "", line: place["line"] as? Int,
              column: place["column"] as? Int, standsIn: place["standsIn"] as? [String] ?? [],
              decoded: place["decoded"] as? [String] ?? [], commit: place["commit"] as? String,
              offset: place["offset"] as? Int, length: place["length"] as? Int)
          })
      }
    }

    package var gaps: [Gap] {
      let coverage = json["coverage"] as? [String: Any]
      return (coverage?["gaps"] as? [[String: Any]] ?? []).map { gap in
        Gap(
          kind: gap["kind"] as? String ?? "", subject: gap["subject"] as? String ?? "",
          reason: gap["reason"] as? String ?? "", fails: gap["fails"] as? Bool ?? false)
      }
    }

    package var coverage: [String: Any] { json["coverage"] as? [String: Any] ?? [:] }

    package var hints: [String] {
      (json["hints"] as? [[String: Any]] ?? []).map {
        "\($0["subject"] as? String ?? ""): \($0["text"] as? String ?? "")"
      }
    }

    package var suppressed: [[String: Any]] { json["suppressed"] as? [[String: Any]] ?? [] }

    /// The paths at which `rule` found something.
    ///
    /// Whatever context made of the findings: that is appended to the rule.
    package func paths(of rule: String) -> [String] {
      findings.filter { $0.rule.split(separator: "/").first.map(String.init) == rule }.flatMap(
        \.paths
      ).sorted()
    }
  }
}
