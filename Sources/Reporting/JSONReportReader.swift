internal import Bytes
internal import Documents
package import Model

/// Reads back what ``JSONReport`` wrote.
package struct JSONReportReader: Sendable {
  /// What was scanned, as the user wrote it.
  package let targets: [Target]
  /// The findings with their places; nothing of a secret, not even if the report shows it.
  package let findings: [Finding]

  /// Reads a report; `file` is its name as the user knows it.
  package init(_ content: [UInt8], file: String) throws(JSONReportError) {
    let body: Body
    do throws(DocumentError) {
      body = try JSONDocument.value(
        Body.self, of: content, file: file, what: "report that keyscan wrote as JSON")
    } catch {
      throw JSONReportError(error.description)
    }
    guard body.schema == JSONReport.schema else {
      throw JSONReportError("\(file): its schema is not \(JSONReport.schema)")
    }
    targets = body.targets.map {
      Target(path: ForeignText($0.path), kind: Target.Kind(rawValue: $0.kind) ?? .file)
    }
    let count = targets.count
    findings = body.findings.compactMap { $0.finding(among: count) }
    if findings.count < body.findings.count {
      throw JSONReportError("\(file): a finding has no fingerprint, severity or confidence")
    }
  }

  private struct Body: Decodable {
    var schema: String
    var targets: [TargetBody]
    var findings: [FindingBody]
  }

  private struct TargetBody: Decodable {
    var path: String
    var kind: String
  }

  private struct FindingBody: Decodable {
    var rule: String
    var title: String
    var provider: String
    var severity: String
    var confidence: String
    var fingerprint: String
    var standsIn: [String]?
    var places: [PlaceBody]

    /// `nil` if something of it is wrong.
    func finding(among targets: Int) -> Finding? {
      guard let severity = Severity(rawValue: severity),
        let confidence = Confidence(rawValue: confidence),
        let fingerprint = Fingerprint(hexadecimal: fingerprint)
      else { return nil }
      let standsIn = Standings((standsIn ?? []).compactMap(Standing.init(rawValue:)))
      // What a live check appended to the id is no part of the rule.
      return Finding(
        rule: RuleID(rule), title: title, provider: provider, severity: severity,
        confidence: confidence, secret: nil, fingerprint: fingerprint, advice: [],
        places: places.compactMap { $0.place(among: targets, standsIn) })
    }
  }

  private struct PlaceBody: Decodable {
    var target: Int
    var path: String?
    var pathBytes: String?
    var container: String?
    var line: Int?
    var column: Int?
    var endLine: Int?
    var endColumn: Int?
    var offset: Int?
    var length: Int?
    var commit: String?
    var blob: String?
    var standsIn: [String]?

    /// What stands before the first `!/` of a packed thing's path.
    private static func container(of path: [UInt8]) -> ForeignText {
      let mark = Array("!/".utf8)
      let end = path.indices.first { path[$0...].starts(with: mark) } ?? path.endIndex
      return ForeignText(Array(path[..<end]))
    }

    func place(among targets: Int, _ ofFinding: Standings) -> Place? {
      guard (0..<targets).contains(target) else { return nil }
      let bytes =
        pathBytes.flatMap { Base64.decode(Array($0.utf8)) } ?? path.map { Array($0.utf8) } ?? []
      var region: Region?
      if let offset, let length, offset >= 0, length >= 0 {
        region = Region(
          line: line ?? 0, column: column ?? 0, endLine: endLine ?? 0, endColumn: endColumn ?? 0,
          offset: offset, length: length)
      }
      let standings =
        standsIn.map { Standings($0.compactMap(Standing.init(rawValue:))) } ?? ofFinding
      var place = Place(
        target: target, kind: path == nil ? .object : .file, path: ForeignText(bytes),
        region: region, commit: commit, blob: blob, standsIn: standings)
      // Paths that are not UTF-8 have the container's bytes in their own.
      place.container = container.map {
        pathBytes == nil ? ForeignText($0) : Self.container(of: bytes)
      }
      return place
    }
  }
}

/// A report that cannot be read back, in a sentence with the file's name.
package struct JSONReportError: Error, CustomStringConvertible {
  package let description: String

  /// Says what is wrong, with the file's name.
  package init(_ description: String) {
    self.description = description
  }
}
