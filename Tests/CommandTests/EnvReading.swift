import Foundation
import TestSupport
import Testing

/// What `keyscan env --format json` says, as far as tests look at it.
struct EnvReading {
  let json: [String: Any]
  let status: Int32

  init(_ arguments: [String] = [], of git: GitFixture, in folder: String? = nil) throws {
    let output = try Keyscan.run(
      ["env", "--format", "json"] + arguments, in: folder ?? git.path,
      environment: git.environment)
    let object = try? JSONSerialization.jsonObject(with: Data(output.bytes))
    guard let json = object as? [String: Any] else {
      throw Tool.Failure(
        description: "no JSON report; status \(output.status): \(output.errors)\(output.text)")
    }
    self.json = json
    status = output.status
  }

  struct File {
    let json: [String: Any]

    var path: String { json["path"] as? String ?? "" }
    var states: [String] { json["states"] as? [String] ?? [] }
    var severity: String? { json["severity"] as? String }
    var givesAway: [String] { json["givesAway"] as? [String] ?? [] }
    var ships: [String] { json["ships"] as? [String] ?? [] }
    var notes: [String] { json["notes"] as? [String] ?? [] }
    var advice: [String] { json["advice"] as? [String] ?? [] }
    var brokenPromise: String? { json["brokenPromise"] as? String }
    var isTemplate: Bool { json["template"] as? Bool ?? false }
    var isEncrypted: Bool { json["encrypted"] as? Bool ?? false }
    var namedBy: String? { json["namedBy"] as? String }

    /// The line that covers the file, such as `.gitignore:3 .env`.
    var ignore: String? { line(json["ignore"]) }
    var nearMiss: String? { line(json["nearMiss"]) }
    var reason: String? { (json["nearMiss"] as? [String: Any])?["reason"] as? String }
    var link: [String: Any]? { json["link"] as? [String: Any] }
    var drift: [String: Any]? { json["drift"] as? [String: Any] }

    private func line(_ value: Any?) -> String? {
      guard let line = value as? [String: Any] else { return nil }
      return "\(line["file"] ?? ""):\(line["line"] ?? "") \(line["pattern"] ?? "")"
    }
  }

  var files: [File] { (json["files"] as? [[String: Any]] ?? []).map(File.init) }
  var gaps: [String] {
    (json["gaps"] as? [[String: Any]] ?? []).map {
      "\($0["kind"] ?? "") \($0["subject"] ?? "")"
    }
  }
  var notes: [String] { json["notes"] as? [String] ?? [] }

  subscript(path: String) -> File? { files.first { $0.path == path } }
}
