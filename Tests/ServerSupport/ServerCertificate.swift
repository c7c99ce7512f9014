import NIOSSL
import TestSupport

/// What a server of a test shows to prove who it is; made when tests run, good for two days.
package enum ServerCertificate: String, CaseIterable, Sendable {
  /// For `localhost`, `127.0.0.1`, `::1`, `provider.example` and the names below that.
  case good
  /// Of an authority that nobody trusts.
  case foreign
  /// For `elsewhere.example`.
  case elsewhere
  /// Until yesterday.
  case expired

  /// The file with the authority that vouches for all but ``foreign``, for `--endpoint-ca`.
  package static func authority() throws -> String { try folder.get().at("own.pem") }

  /// The authority's certificate.
  package static func authorities() throws -> [NIOSSLCertificate] {
    try NIOSSLCertificate.fromPEMFile(authority())
  }

  /// What a server needs to show it.
  func encryption() throws -> TLSConfiguration {
    let folder = try Self.folder.get()
    return TLSConfiguration.makeServerConfiguration(
      certificateChain: try NIOSSLCertificate.fromPEMFile(folder.at("\(rawValue).pem")).map {
        .certificate($0)
      },
      privateKey: .privateKey(
        try NIOSSLPrivateKey(file: folder.at("\(rawValue).key"), format: .pem)))
  }

  /// Made once for all tests.
  private static let folder = Result { try makeAll() }

  private static func makeAll() throws -> TemporaryFolder {
    let folder = TemporaryFolder()
    func openssl(_ arguments: String) throws {
      let output = try Tool.shell("openssl \(arguments)", in: folder.path)
      guard output.status == 0 else { throw Tool.Failure(description: output.errors) }
    }
    for authority in ["own", "other"] {
      try openssl("ecparam -name prime256v1 -genkey -noout -out \(authority).key")
      try openssl(
        "req -x509 -new -key \(authority).key -sha256 -days 2 -subj '/CN=keyscan test \(authority)'"
          + " -out \(authority).pem")
    }
    for certificate in allCases {
      let name = certificate.rawValue
      let names =
        certificate == .elsewhere
        ? "DNS:elsewhere.example"
        : "DNS:localhost,DNS:provider.example,DNS:*.provider.example,IP:127.0.0.1,IP:::1"
      try folder.write("\(name).ext", "subjectAltName=\(names)\nextendedKeyUsage=serverAuth\n")
      try openssl("ecparam -name prime256v1 -genkey -noout -out \(name).key")
      try openssl("req -new -key \(name).key -subj '/CN=\(name)' -out \(name).csr")
      let authority = certificate == .foreign ? "other" : "own"
      let sign =
        "x509 -req -in \(name).csr -CA \(authority).pem -CAkey \(authority).key -CAcreateserial"
        + " -sha256 -extfile \(name).ext -out \(name).pem"
      guard certificate == .expired else {
        try openssl("\(sign) -days 2")
        continue
      }
      // OpenSSL before 3.4 knows no dates here, later ones may refuse an end before the beginning.
      do {
        try openssl("\(sign) -not_before 20200101000000Z -not_after 20200201000000Z")
      } catch {
        try openssl("\(sign) -days -1")
      }
    }
    return folder
  }
}
