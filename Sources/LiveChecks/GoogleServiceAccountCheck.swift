internal import Bytes
internal import Documents
package import Model
internal import Rules

/// Looks a service account's certificates up, which are public, and sees whether its private key is
/// among them: nothing is signed, and the key stays where it is.
package struct GoogleServiceAccountCheck: CredentialCheck {
  package let provider = "google"
  package static let rule = RuleID("google.service-account-key")

  private static let host = "www.googleapis.com"
  private static let kind = "public certificates of the account"

  package init() {}

  package var hosts: Set<String> { [Self.host] }

  package func plan(_ credential: Credential) -> [PlannedRequest] {
    account(of: credential) == nil
      ? []
      : [true, false].map { PlannedRequest(host: Self.host, kind: Self.kind, isControl: $0) }
  }

  private func account(of credential: Credential) -> String? {
    credential.partner("google.service-account-email")
  }

  package func verdict(on credential: Credential, asking asker: Asker) async -> Verdict {
    guard let account = account(of: credential) else {
      return Verdict(.notChecked, reason: "its account's address does not stand beside it")
    }
    guard let modulus = PrivateKeyNumbers.modulus(ofBase64: credential.secret.exposed) else {
      return Verdict(.notChecked, reason: "it is no whole RSA key, as those of accounts are")
    }
    let isTrusted = await asker.isTrusted("\(Self.host) \(Self.kind)") {
      let madeUp = FillIn.expand(
        "{lower 12}@{lower 14}.iam.gserviceaccount.com", seed: Credential.seed())
      // Where accounts that nobody has are there too, nothing tells that one is gone.
      return (try? await asker.send(Self.request(about: madeUp)))?.status == 404
    }
    guard isTrusted else { return .untrusted(Self.host, asker) }
    var verdict: Verdict
    do throws(CheckFailure) {
      verdict = Self.judge(try await asker.send(Self.request(about: account)), modulus)
    } catch {
      verdict = .unanswered(error)
    }
    verdict.checkedAt = asker.now()
    return verdict
  }

  private static func request(about account: String) -> CheckRequest {
    CheckRequest(
      host: host,
      path: "/robot/v1/metadata/x509/\(Form.percentEncoded(Array(account.utf8)))")
  }

  private static func judge(_ answer: CheckAnswer, _ modulus: [UInt8]) -> Verdict {
    if answer.status == 404 {
      return Verdict(
        .invalid, reason: "its account is gone",
        toDo: ["A deleted account can be restored for 30 days; leave it deleted."])
    }
    guard answer.status == 200, !answer.isCut,
      let certificates = try? JSONDocument.value(
        [String: String].self, of: answer.body, file: "", what: "list of certificates")
    else { return .notUnderstood(answer) }
    let holds = certificates.values.contains { pem in
      let body = pem.split(separator: "\n").filter { !$0.hasPrefix("-") }.joined()
      return Base64.decode(Array(body.utf8)).map { contains($0, modulus) } ?? false
    }
    return holds
      ? Verdict(
        .active, reason: "its account still lists the key's certificate",
        toDo: [
          "Delete the key: gcloud iam service-accounts keys delete KEY-ID --iam-account=ACCOUNT",
          "Look at the audit log of the project for what the account did.",
          "Give the account no more roles than it needs, and use workload identity instead of keys.",
        ])
      : Verdict(
        .invalid, reason: "its account lists other certificates: the key was deleted or replaced",
        toDo: ["Take it out of the files."])
  }

  private static func contains(_ bytes: [UInt8], _ part: [UInt8]) -> Bool {
    guard !part.isEmpty, bytes.count >= part.count else { return false }
    return (0...(bytes.count - part.count)).contains { i in
      bytes[i] == part[0] && bytes[i...].starts(with: part)
    }
  }
}

/// Reads numbers out of a private key in PKCS #8 (RFC 5208) that holds one of RSA (RFC 8017).
enum PrivateKeyNumbers {
  /// The modulus of the key that base64 without line breaks stands for; `nil` if it is no such key.
  static func modulus(ofBase64 text: [UInt8]) -> [UInt8]? {
    guard let bytes = Base64.decode(text) else { return nil }
    // PrivateKeyInfo: a version, an algorithm, and the key as a string of bytes.
    var whole = Elements(bytes[...])
    guard let info = whole.next(0x30) else { return nil }
    var fields = Elements(info)
    guard fields.next(0x02) != nil, fields.next(0x30) != nil, let inside = fields.next(0x04) else {
      return nil
    }
    var key = Elements(inside)
    guard let numbers = key.next(0x30) else { return nil }
    var integers = Elements(numbers)
    guard integers.next(0x02) != nil, let modulus = integers.next(0x02) else { return nil }
    let plain = Array(modulus.drop { $0 == 0 })
    return plain.count >= 64 ? plain : nil
  }

  /// Elements of DER, one after the other.
  private struct Elements {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) {
      rest = bytes
    }

    /// The content of the next element if it has this tag.
    mutating func next(_ tag: UInt8) -> ArraySlice<UInt8>? {
      guard rest.popFirst() == tag, let first = rest.popFirst() else { return nil }
      var count = Int(first)
      if first >= 0x80 {
        let digits = Int(first & 0x7F)
        guard (1...4).contains(digits), rest.count >= digits else { return nil }
        count = rest.prefix(digits).reduce(0) { $0 << 8 | Int($1) }
        rest = rest.dropFirst(digits)
      }
      guard count <= rest.count else { return nil }
      defer { rest = rest.dropFirst(count) }
      return rest.prefix(count)
    }
  }
}
