import Foundation
import TestSupport

/// `keyscan doctor` with an environment, a home and a folder of its own.
struct Patient {
  let folder = TemporaryFolder()
  let key = LookAlike.authKey()
  let other = LookAlike.authKey()
  let standard = LookAlike.apiKey()

  init() throws {
    try folder.makeFolder("home")
    try folder.makeFolder("app")
  }

  /// A diagnosis, as its JSON tells it.
  struct Diagnosis {
    let json: [String: Any]
    let status: Int32
    let text: String

    func step(_ id: String) -> [String: Any] {
      (json["steps"] as? [[String: Any]] ?? []).first { $0["id"] as? String == id } ?? [:]
    }

    func state(_ id: String) -> String { step(id)["state"] as? String ?? "" }

    func saw(_ id: String) -> String {
      (step(id)["saw"] as? [String] ?? []).joined(separator: "\n")
    }

    func advice(_ id: String) -> String {
      (step(id)["do"] as? [String] ?? []).joined(separator: "\n")
    }

    var keys: [[String: Any]] { json["keys"] as? [[String: Any]] ?? [] }
  }

  func output(
    _ variables: [String: String], _ arguments: [String] = [], input: String = ""
  ) throws -> Tool.Output {
    var environment = variables
    environment["HOME"] = folder.at("home")
    environment["PATH"] = "/usr/bin:/bin"
    return try Keyscan.run(
      ["doctor"] + arguments, in: folder.at("app"), environment: environment,
      input: Array(input.utf8))
  }

  func diagnose(
    _ variables: [String: String] = [:], _ arguments: [String] = [], input: String = ""
  ) throws -> Diagnosis {
    let output = try output(variables, arguments + ["--format", "json"], input: input)
    let object = try JSONSerialization.jsonObject(with: Data(output.bytes))
    return Diagnosis(
      json: object as? [String: Any] ?? [:], status: output.status, text: output.text)
  }
}
