internal import Documents
internal import Dotenv

/// Reads files in which tools of cloud providers keep the user's credentials.
enum CredentialFiles {
  /// A secret in such a file, and what it is called there.
  struct Entry: Equatable {
    let name: String
    let assignment: DotenvFile.Assignment
  }

  // MARK: AWS

  /// What is secret in AWS's credentials file; an access key's id names it and opens nothing.
  private static let awsKeys: Set<String> = [
    "aws_secret_access_key", "aws_session_token", "aws_security_token",
  ]

  /// The secrets of AWS's credentials file, which has a section a profile.
  static func aws(_ content: [UInt8]) -> [Entry] {
    var profile = ""
    var entries: [Entry] = []
    for line in String(decoding: content, as: UTF8.self).split(whereSeparator: \.isNewline) {
      let line = Fields.trimmed(String(line))
      if line.hasPrefix("#") || line.hasPrefix(";") { continue }
      if line.hasPrefix("[") {
        profile = Fields.trimmed(String(line.dropFirst().prefix { $0 != "]" }))
        continue
      }
      guard let sign = line.firstIndex(of: "=") else { continue }
      let key = Fields.trimmed(String(line[..<sign])).lowercased()
      guard awsKeys.contains(key) else { continue }
      let value = Fields.trimmed(String(line[line.index(after: sign)...]))
      let shown = VariableName.shown(profile).map { " of profile \($0)" } ?? ""
      entries.append(
        Entry(
          name: "\(key)\(shown)", assignment: DotenvFile.Assignment(key: key, value: value)))
    }
    return entries
  }

  // MARK: Google Cloud

  /// gcloud's own client, whose secret is in every copy of gcloud.
  private static let publicClients = ["764086051850-", "32555940559."]

  /// The secrets of an application default credentials file; throws if it is none.
  static func gcloud(_ content: [UInt8], file: String) throws(DocumentError) -> [Entry] {
    var entries: [Entry] = []
    var next: GoogleCredentials? = try JSONDocument.value(
      GoogleCredentials.self, of: content, file: file, what: "file of credentials")
    while let credentials = next {
      let isPublic = publicClients.contains { credentials.client_id?.hasPrefix($0) ?? false }
      for (key, value) in [
        ("refresh_token", credentials.refresh_token),
        ("client_secret", isPublic ? nil : credentials.client_secret),
        ("private_key", credentials.private_key),
      ] {
        guard let value else { continue }
        entries.append(
          Entry(name: key, assignment: DotenvFile.Assignment(key: key, value: value)))
      }
      next = credentials.source_credentials
    }
    return entries
  }

  /// What such a file holds; one that impersonates an account has another in it.
  private final class GoogleCredentials: Decodable {
    // The names are those of the file.
    // swift-format-ignore: AlwaysUseLowerCamelCase
    let client_id, client_secret, refresh_token, private_key: String?
    // swift-format-ignore: AlwaysUseLowerCamelCase
    let source_credentials: GoogleCredentials?
  }
}
