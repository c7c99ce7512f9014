import Dotenv
import Foundation
import TestSupport
import Testing

@testable import OwnSecrets

/// Which values are worth looking for.
struct StrengthGateTests {
  private func found(_ value: String, under key: String) -> [String] {
    StrengthGate.secrets(in: DotenvFile.Assignment(key: key, value: value)).map {
      String(decoding: $0.secret, as: UTF8.self)
    }
  }

  @Test(arguments: [
    "hunter2", "tr0ub4dor", "Sommer!Nacht", "pä$$wörter", "correct horse battery staple",
    "p@ss/word#1", "x7#K2", "sunnyafternoons",
  ])
  func `what somebody chose is looked for under the name of a password`(value: String) {
    #expect(found(value, under: "DB_PASSWORD") == (value.utf8.count < 6 ? [] : [value]))
    #expect(found(value, under: "GREETING") == [])
  }

  @Test(arguments: [
    "", "true", "False", "on", "8080", "postgres", "Postgres1", "password", "password123",
    "changeme", "localhost", "admin", "root", "development", "secret", "minioadmin", "******",
    "summer", "${OTHER}", "$(op read x)", "encrypted:abcdef0123456789", "your_password_here",
    "/run/secrets/db_password", "1.2.3-rc.1", "v10.4.1", "2026-11-22", "127.0.0.1:5432",
    "postgres-password",
  ])
  func `what stands everywhere is not looked for`(value: String) {
    for key in ["DB_PASSWORD", "API_TOKEN", "NAME", "SECRET_KEY"] {
      #expect(found(value, under: key) == [], "\(key)")
    }
  }

  @Test(arguments: [
    "us-east-1", "customer_id", "created_at", "db.internal.example.org", "me@mail.org",
    "identifier", "redis-cache-main",
  ])
  func `names and addresses are no tokens`(value: String) {
    #expect(found(value, under: "PRIMARY_KEY") == [])
    #expect(found(value, under: "PLAIN") == [])
  }

  @Test func `under a plain name a value must look random`() {
    let random = LookAlike.plain(40)
    #expect(found(random, under: "WEBHOOK") == [random])
    #expect(found(random, under: "WEBHOOK_ID") == [])
    #expect(found("hunter2", under: "WEBHOOK") == [])
    #expect(found("hunter2", under: "WEBHOOK_TOKEN") == ["hunter2"])
  }

  @Test func `what is built into pages is public`() {
    #expect(found(LookAlike.plain(40), under: "NEXT_PUBLIC_API_KEY") == [])
    #expect(found(LookAlike.plain(40), under: "VITE_TOKEN") == [])
  }

  @Test func `of an address the password counts`() {
    #expect(found("postgres://app:hunter2@db:5432/x", under: "DATABASE_URL") == ["hunter2"])
    #expect(found("postgres://app:p%40ss%2Fw0rd@db/x", under: "DATABASE_URL") == ["p@ss/w0rd"])
    #expect(found("postgres://app:postgres@db/x", under: "DATABASE_URL") == [])
    #expect(found("https://example.org/some/path?x=1", under: "SECRET_URL") == [])
    #expect(
      found("Server=db;User Id=sa;Password=hunter2!x;", under: "CONNECTION") == ["hunter2!x"])
  }

  @Test func `escapes between quotes are read both ways`() {
    #expect(found(#"pa\"ss\\w0rd"#, under: "DB_PASSWORD") == [#"pa\"ss\\w0rd"#, #"pa"ss\w0rd"#])
  }

  @Test func `of a private key its lines count`() throws {
    let body = LookAlike.pemBody(lines: 3)
    for pem in [
      LookAlike.privateKey(body: body),
      LookAlike.privateKey(body: body).replacingOccurrences(of: "\n", with: "\\n"),
    ] {
      let all = StrengthGate.secrets(in: DotenvFile.Assignment(key: "KEY", value: pem))
      let secret = try #require(all.first)
      #expect(
        secret.pieces?.map { String(decoding: $0, as: UTF8.self) }.joined(separator: "\n") == body)
    }
    #expect(found("line one\nline two 1234", under: "KEY") == [])
    #expect(found("{\"a\": \"x7#K2pl0\"}", under: "KEY") == [])
  }

  @Test func `the line that all keys of OpenSSH have is not looked for`() throws {
    let head = "b3BlbnNzaC1rZXktdjE" + "AAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZW"
    let body = ([head] + LookAlike.pemBody(lines: 4).split(separator: "\n").map(String.init))
      .joined(separator: "\n")
    let pem = LookAlike.privateKey("OPENSSH ", body: body)
    let all = StrengthGate.secrets(in: DotenvFile.Assignment(key: "KEY", value: pem))
    let pieces = try #require(all.first?.pieces).map { String(decoding: $0, as: UTF8.self) }
    #expect(pieces.count == 3 && !pieces.contains(head))
  }

  @Test func `names that may be pieces of a secret are not shown`() {
    for name in ["DB_PASSWORD", "apiKey", "sentry.dsn", "AWS_KEY2", "x", "my-token"] {
      #expect(VariableName.shown(name) == name)
    }
    for line in LookAlike.pemBody(lines: 8).split(separator: "\n") {
      let name = line.filter { $0.isLetter || $0.isNumber }
      #expect(VariableName.shown(String(name)) == nil)
      #expect(VariableName.shown(String(name.prefix(24))) == nil)
    }
    #expect(VariableName.shown("") == nil)
  }
}

/// What is read of the files of cloud tools.
struct CredentialFileTests {
  @Test func `of AWS's file the secrets count, not the ids`() {
    let (key, token) = (LookAlike.plain(40), LookAlike.plain(80))
    let entries = CredentialFiles.aws(
      Array(
        """
        # a comment
        [default]
        aws_access_key_id = AKIDAKIDAKIDAKIDAKID
        aws_secret_access_key=\(key)
        [work account]
        AWS_SESSION_TOKEN = \(token)
        ; aws_secret_access_key = no
        region = eu-central-1
        """.utf8))
    #expect(entries.map(\.assignment.value) == [key, token])
    #expect(
      entries.map(\.name) == [
        "aws_secret_access_key of profile default", "aws_session_token of profile work account",
      ])
  }

  @Test func `of gcloud's file the public client's secret does not count`() throws {
    let (refresh, secret) = (LookAlike.plain(60), LookAlike.plain(24))
    func read(_ client: String) throws -> [String] {
      let json = """
        {"type": "authorized_user", "client_id": "\(client)", "client_secret": "\(secret)",
         "refresh_token": "\(refresh)", "universe_domain": "googleapis.com"}
        """
      return try CredentialFiles.gcloud(Array(json.utf8), file: "adc").map(\.name)
    }
    #expect(try read("764086051850-abc.apps.googleusercontent.com") == ["refresh_token"])
    #expect(try read("123-abc.apps.googleusercontent.com") == ["refresh_token", "client_secret"])
    let impersonated = """
      {"type": "impersonated_service_account", "source_credentials":
        {"client_id": "764086051850-x", "client_secret": "y", "refresh_token": "\(refresh)"}}
      """
    #expect(
      try CredentialFiles.gcloud(Array(impersonated.utf8), file: "adc").map(\.assignment.value)
        == [refresh])
    #expect(throws: (any Error).self) {
      try CredentialFiles.gcloud(Array("no json".utf8), file: "adc")
    }
  }
}
