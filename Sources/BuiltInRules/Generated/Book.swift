// swift-format-ignore-file
// Made from rules/*.yml by `make build`; a test fails when the two differ.
package import Rules
internal import Bytes
internal import Model

extension RuleBook {
  /// The rules that keyscan comes with.
  package static let builtIn = RuleBook([
    rule0(),
    rule1(),
    rule2(),
    rule3(),
    rule4(),
    rule5(),
    rule6(),
    rule7(),
  ])
}

private func rule0() -> Rule {
  Rule(
    id: RuleID("google.api-key"),
    provider: "Google",
    title: "Google API key",
    description: "A standard key of a Google Cloud project. The string is the whole credential. What it opens depends on its restrictions: a key without any opens every API that is or will be enabled in its project, Gemini included, and the project's owner is billed.",
    severity: .high,
    confidence: .high,
    kind: .secret,
    role: .finding,
    anchors: [Rule.Anchor("AIza")],
    ignoresCase: false,
    searchesEscapes: true,
    shape: Rule.Shape(pattern: "(?<secret>AIza[A-Za-z0-9_-]{35})", widths: 39...39, lead: 0, reach: nil),
    notBefore: ByteSet("-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"),
    notAfter: ByteSet("-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"),
    keywords: [],
    keywordDistance: 0,
    companions: [],
    filters: Rule.Filters(minimumEntropy: 3.0, placeholders: ["AIzaSyDaGmWKa4JsXZ-HjGw7ISLn_3namBGewQe", "AIzaSyabcdefghijklmnopqrstuvwxyz1234567", "AIzaSyAnLA7NfeLquW1tJFpx_eQCxoX-oo6YyIs", "AIzaSyCkEhVjf3pduRDt6d1yKOMitrUEke8agEM", "AIzaSyDMAScliyLx7F0NPDEJi1QmyCgHIAODrlU", "AIzaSyD3asb-2pEZVqMkmL6M9N6nHZRR_znhrh0", "AIzayDNSXIbFmlXbIE6mCzDLQAqITYefhixbX4A", "AIzaSyAdOS2zB6NCsk1pCdZ4-P6GBdi_UUPwX7c", "AIzaSyASWm6HmTMdYWpgMnjRBjxcQ9CKctWmLd4", "AIzaSyANUvH9H9BsUccjsu2pCmEkOPjjaXeDQgY", "AIzaSyA5_iVawFQ8ABuTZNUdcwERLJv_a_p4wtM", "AIzaSyA4UrcGxgwQFTfaI3no3t7Lt1sjmdnP5sQ", "AIzaSyDSb51JiIcB6OJpwwMicseKRhhrOq1cS7g", "AIzaSyBF2RrAIm4a0mO64EShQfqfd2AFnzAvvuU", "AIzaSyBcE-OOIbhjyR83gm4r2MFCu4MJmprNXsw", "AIzaSyB8qGxt4ec15vitgn44duC5ucxaOi4FmqE", "AIzaSyA8vmApnrHNFE0bApF4hoZ11srVL_n0nvY", "AIzaSyDdI0hCZtE6vySjMm-WEfRq3CPzqKqqsHI"], structure: Rule.Structure(pattern: "AIzaSy[A-D][A-Za-z0-9_-]{31}[AEIMQUYcgkosw048]", otherwise: .medium)),
    names: [],
    supersedes: [],
    joinsLines: false,
    remediation: ["Make a new key and delete this one at https://console.cloud.google.com/apis/credentials; it can be undeleted for 30 days.", "Restrict the new key to the APIs and the callers that need it: gcloud services api-keys update KEY_ID --api-target=service=SERVICE --allowed-referrers=… (or --allowed-ips, --allowed-application, --allowed-bundle-ids).", "Look at the project's usage and billing for calls that are not yours."],
    references: ["https://cloud.google.com/docs/authentication/api-keys", "https://cloud.google.com/docs/authentication/api-keys-best-practices", "https://ai.google.dev/gemini-api/docs/api-key"],
    examples: [Rule.Example("GEMINI_API_KEY=AIzaSyB{base64url 31}{from AEIMQUYcgkosw048 1}"), Rule.Example("<string>AIzaSyC{base64url 31}{from AEIMQUYcgkosw048 1}</string>"), Rule.Example("https://maps.googleapis.com/maps/api/js?key=AIzaSyA{base64url 31}{from AEIMQUYcgkosw048 1}&libraries=places"), Rule.Example("{\\\"key\\\": \\\"AIzaSyD{base64url 31}{from AEIMQUYcgkosw048 1}\\\"}"), Rule.Example("1,AIzaSyB{base64url 31}{from AEIMQUYcgkosw048 1},2"), Rule.Example("redirect=%3Fkey%3DAIzaSyB{base64url 31}{from AEIMQUYcgkosw048 1}%26v%3D3"), Rule.Example("AIza{base64url 35}")],
    nonExamples: [Rule.NonExample("AIzaSyDaGmWKa4JsXZ-HjGw7ISLn_3namBGewQe", because: "Google's own documentation shows it"), Rule.NonExample("key = \"AIzaSyXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX\"", because: "one character over and over is a blank to fill in"), Rule.NonExample("AIzaSyYOUR_API_KEY_GOES_HERE_0123456789", because: "it says that it is a placeholder"), Rule.NonExample("AIzaSy{base64url 30}", because: "it is shorter than a key"), Rule.NonExample("x{base64 40}AIzaSyB{base64url 32}{base64 60}", because: "it stands in the middle of something longer"), Rule.NonExample("AIZASY{upnum 33}", because: "case matters")],
    knownMisses: [])
}

private func rule1() -> Rule {
  Rule(
    id: RuleID("google.auth-key"),
    provider: "Google",
    title: "Google authorization key",
    description: "A key of AI Studio's or Vertex AI's newer kind, bound to a service account: whoever has it acts as that account. It does not expire.",
    severity: .critical,
    confidence: .high,
    kind: .secret,
    role: .finding,
    anchors: [Rule.Anchor("AQ.Ab8RN6")],
    ignoresCase: false,
    searchesEscapes: true,
    shape: Rule.Shape(pattern: "(?<secret>AQ\\.Ab8RN6[A-Za-z0-9_-]{44})", widths: 53...53, lead: 0, reach: nil),
    notBefore: ByteSet("-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"),
    notAfter: ByteSet("-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"),
    keywords: [],
    keywordDistance: 0,
    companions: [],
    filters: Rule.Filters(minimumEntropy: 3.0, placeholders: [], structure: Rule.Structure(pattern: "AQ\\.Ab8RN6[I-L][A-Za-z0-9_-]{42}[AQgw]", otherwise: .medium)),
    names: [],
    supersedes: [RuleID("google.auth-key-by-context")],
    joinsLines: false,
    remediation: ["Delete the key at https://aistudio.google.com/api-keys, or among the credentials of its project, and make a new one.", "Look at the roles of the service account that it is bound to, and take away what it does not need.", "Look at the project's usage and billing for calls that are not yours."],
    references: ["https://ai.google.dev/gemini-api/docs/api-key", "https://cloud.google.com/docs/authentication/api-keys"],
    examples: [Rule.Example("export GEMINI_API_KEY=\"AQ.Ab8RN6J{base64url 42}{from AQgw 1}\""), Rule.Example("x-goog-api-key: AQ.Ab8RN6{base64url 44}")],
    nonExamples: [Rule.NonExample("AQ.Ab8R....", because: "it is cut short, as documentation does"), Rule.NonExample("FAQ.Ab8RN6{base64url 44}", because: "it stands in the middle of something longer")],
    knownMisses: [])
}

private func rule2() -> Rule {
  Rule(
    id: RuleID("google.auth-key-by-context"),
    provider: "Google",
    title: "Google authorization key, by what stands beside it",
    description: "A string that begins like an authorization key, though not with the bytes that every known one begins with, beside the name of a Google product.",
    severity: .high,
    confidence: .medium,
    kind: .secret,
    role: .finding,
    anchors: [Rule.Anchor("AQ.", encoded: "AQ.Ab8RN6")],
    ignoresCase: false,
    searchesEscapes: false,
    shape: Rule.Shape(pattern: "(?<secret>AQ\\.[A-Za-z0-9_-]{40,120})", widths: 43...123, lead: 0, reach: nil),
    notBefore: ByteSet("-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"),
    notAfter: ByteSet("-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"),
    keywords: ["gemini", "google", "vertex", "genai", "aistudio", "goog-api-key"],
    keywordDistance: 64,
    companions: [],
    filters: Rule.Filters(minimumEntropy: 3.5, placeholders: [], structure: nil),
    names: [],
    supersedes: [],
    joinsLines: false,
    remediation: ["Delete the key at https://aistudio.google.com/api-keys, or among the credentials of its project, and make a new one.", "Look at the roles of the service account that it is bound to, and take away what it does not need.", "Look at the project's usage and billing for calls that are not yours."],
    references: ["https://ai.google.dev/gemini-api/docs/api-key", "https://cloud.google.com/docs/authentication/api-keys"],
    examples: [Rule.Example("GOOGLE_API_KEY=AQ.Cd{base64url 48}")],
    nonExamples: [Rule.NonExample("id=AQ.Cd{base64url 48}", because: "nothing beside it speaks of Google")],
    knownMisses: [])
}

private func rule3() -> Rule {
  Rule(
    id: RuleID("google.oauth-client-secret"),
    provider: "Google",
    title: "Google OAuth client secret",
    description: "Lets a program pass for yours when people sign in with Google. For a web application it is a secret; for one that is installed on people's machines Google does not take it for one.",
    severity: .high,
    confidence: .high,
    kind: .secret,
    role: .finding,
    anchors: [Rule.Anchor("GOCSPX-")],
    ignoresCase: false,
    searchesEscapes: true,
    shape: Rule.Shape(pattern: "(?<secret>GOCSPX-[A-Za-z0-9_-]{28})", widths: 35...35, lead: 0, reach: nil),
    notBefore: ByteSet("-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"),
    notAfter: ByteSet("-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"),
    keywords: [],
    keywordDistance: 0,
    companions: [],
    filters: Rule.Filters(minimumEntropy: 3.0, placeholders: ["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"], structure: nil),
    names: [],
    supersedes: [],
    joinsLines: false,
    remediation: ["Add a second secret to the client at https://console.cloud.google.com/auth/clients, deploy it, then disable and delete this one."],
    references: ["https://developers.google.com/identity/protocols/oauth2"],
    examples: [Rule.Example("\"client_secret\": \"GOCSPX-{base64url 28}\""), Rule.Example("GOOGLE_CLIENT_SECRET=GOCSPX-{base64url 28}")],
    nonExamples: [Rule.NonExample("GOCSPX-your_client_secret_goes_here", because: "it says that it is a placeholder"), Rule.NonExample("GOCSPX-{base64url 12}", because: "it is shorter than a secret")],
    knownMisses: [])
}

private func rule4() -> Rule {
  Rule(
    id: RuleID("google.service-account-key"),
    provider: "Google",
    title: "Google service-account key",
    description: "A private key with the name of the service account that it belongs to: whoever has both is that account until the key is deleted.",
    severity: .critical,
    confidence: .high,
    kind: .secret,
    role: .finding,
    anchors: [Rule.Anchor("-----BEGIN PRIVATE KEY-----"), Rule.Anchor(".iam.gserviceaccount.com")],
    ignoresCase: false,
    searchesEscapes: true,
    shape: Rule.Shape(pattern: "-----BEGIN PRIVATE KEY-----(?<secret>[A-Za-z0-9+/=\\s\\\\\"',]{64,4000})-----END PRIVATE KEY-----", widths: 116...4052, lead: 5000, reach: 2000),
    notBefore: ByteSet(),
    notAfter: ByteSet(),
    keywords: [],
    keywordDistance: 0,
    companions: [Rule.Companion(rule: RuleID("google.service-account-email"), distance: 2000, isRequired: true)],
    filters: Rule.Filters(minimumEntropy: 4.0, placeholders: [], structure: nil),
    names: [],
    supersedes: [RuleID("pem.private-key")],
    joinsLines: true,
    remediation: ["Find the key: gcloud iam service-accounts keys list --iam-account=ACCOUNT; then delete it: gcloud iam service-accounts keys delete KEY_ID --iam-account=ACCOUNT.", "Where you can, use workload identity instead of a key.", "Look at the audit log for what the account did."],
    references: ["https://cloud.google.com/iam/docs/best-practices-for-managing-service-account-keys"],
    examples: [Rule.Example("{\n  \"type\": \"service_account\",\n  \"project_id\": \"some-project\",\n  \"private_key_id\": \"{hex 40}\",\n  \"private_key\": \"-----BEGIN PRIVATE KEY-----\\nMIIEv{base64 59}\\n{base64 64}\\n{base64 64}\\n{base64 64}\\n{base64 30}==\\n-----END PRIVATE KEY-----\\n\",\n  \"client_email\": \"robot@some-project.iam.gserviceaccount.com\",\n  \"client_id\": \"{digit 21}\"\n}\n"), Rule.Example("client_email: robot@some-project.iam.gserviceaccount.com\nprivate_key: |\n  -----BEGIN PRIVATE KEY-----\n  MIIEv{base64 59}\n  {base64 64}\n  {base64 64}\n  -----END PRIVATE KEY-----\n")],
    nonExamples: [Rule.NonExample("{\"type\": \"service_account\", \"client_email\": \"robot@some-project.iam.gserviceaccount.com\"}", because: "there is no private key"), Rule.NonExample("\"private_key\": \"-----BEGIN PRIVATE KEY-----\\nMII...\\n-----END PRIVATE KEY-----\\n\", \"client_email\": \"robot@some-project.iam.gserviceaccount.com\"", because: "the key is cut short, as documentation does"), Rule.NonExample("\"private_key\": \"-----BEGIN PRIVATE KEY-----\\nMIIEv{base64 59}\\n{base64 64}\\n-----END PRIVATE KEY-----\\n\", \"client_email\": \"image-pulling@authenticated-image-pulling.iam.gserviceaccount.com\"", because: "Kubernetes' tests use this account, and its key is public on purpose")],
    knownMisses: [])
}

private func rule5() -> Rule {
  Rule(
    id: RuleID("google.service-account-email"),
    provider: "Google",
    title: "Google service-account address",
    description: "Names a service account; it opens nothing.",
    severity: .low,
    confidence: .high,
    kind: .identifier,
    role: .companion,
    anchors: [],
    ignoresCase: false,
    searchesEscapes: false,
    shape: Rule.Shape(pattern: "(?<secret>[a-z0-9][a-z0-9-]{0,62}@[a-z0-9.-]{1,80}\\.gserviceaccount\\.com)", widths: 23...164, lead: 0, reach: nil),
    notBefore: ByteSet("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"),
    notAfter: ByteSet("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"),
    keywords: [],
    keywordDistance: 0,
    companions: [],
    filters: Rule.Filters(minimumEntropy: nil, placeholders: ["image-pulling@authenticated-image-pulling.iam.gserviceaccount.com"], structure: nil),
    names: [],
    supersedes: [],
    joinsLines: false,
    remediation: [],
    references: [],
    examples: [],
    nonExamples: [],
    knownMisses: [])
}

private func rule6() -> Rule {
  Rule(
    id: RuleID("pem.private-key"),
    provider: "PEM",
    title: "Private key",
    description: "A private key in PEM's armour, not encrypted: whoever reads it is whoever it stands for, at a server, a login or a signature.",
    severity: .high,
    confidence: .high,
    kind: .secret,
    role: .finding,
    anchors: [Rule.Anchor("PRIVATE KEY-----")],
    ignoresCase: false,
    searchesEscapes: false,
    shape: Rule.Shape(pattern: "-----BEGIN (?:(?:RSA|EC|DSA|OPENSSH|DH|ED25519) )?PRIVATE KEY-----(?<secret>[A-Za-z0-9+/=\\s\\\\\"',]{64,9000})", widths: 91...9035, lead: 32, reach: nil),
    notBefore: ByteSet(),
    notAfter: ByteSet(),
    keywords: [],
    keywordDistance: 0,
    companions: [],
    filters: Rule.Filters(minimumEntropy: 3.5, placeholders: [], structure: Rule.Structure(pattern: "(?:M[A-Za-z0-9+/]|b3BlbnNzaC1rZXktdjE)[A-Za-z0-9+/=]+", otherwise: .low)),
    names: [],
    supersedes: [],
    joinsLines: true,
    remediation: ["Make a new key pair and replace the public half wherever this one is trusted; revoke the certificates that were issued for it.", "Keep the new key out of the repository, in a secret store or on the machine that uses it."],
    references: ["https://www.rfc-editor.org/rfc/rfc7468"],
    examples: [Rule.Example("-----BEGIN RSA PRIVATE KEY-----\nMIIEp{base64 59}\n{base64 64}\n{base64 64}\n-----END RSA PRIVATE KEY-----\n"), Rule.Example("key = \"-----BEGIN EC PRIVATE KEY-----\\nMHcCAQEE{base64 56}\\n{base64 64}\\n{base64 36}==\\n-----END EC PRIVATE KEY-----\\n\""), Rule.Example("-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEA{base64 50}\n{base64 70}\n-----END OPENSSH PRIVATE KEY-----\n")],
    nonExamples: [Rule.NonExample("-----BEGIN PRIVATE KEY-----\n…\n-----END PRIVATE KEY-----\n", because: "there is nothing between the lines"), Rule.NonExample("-----BEGIN PUBLIC KEY-----\nMIIBI{base64 59}\n{base64 64}\n-----END PUBLIC KEY-----\n", because: "a public key is meant to be seen"), Rule.NonExample("if line.startswith(\"-----BEGIN RSA PRIVATE KEY-----\") { return true }", because: "code that speaks of keys holds none"), Rule.NonExample("-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIIFL{base64 59}\n{base64 64}\n-----END ENCRYPTED PRIVATE KEY-----\n", because: "pem.encrypted-private-key tells these apart")],
    knownMisses: [])
}

private func rule7() -> Rule {
  Rule(
    id: RuleID("pem.encrypted-private-key"),
    provider: "PEM",
    title: "Private key, encrypted with a passphrase",
    description: "A private key that a passphrase protects. It is as safe as the passphrase, against somebody who can try as often as they like.",
    severity: .medium,
    confidence: .high,
    kind: .secret,
    role: .finding,
    anchors: [Rule.Anchor("PRIVATE KEY-----")],
    ignoresCase: false,
    searchesEscapes: false,
    shape: Rule.Shape(pattern: "-----BEGIN (?:ENCRYPTED PRIVATE KEY-----|(?:(?:RSA|EC|DSA) )?PRIVATE KEY-----[\\s\\\\nr]{1,8}Proc-Type: ?4,ENCRYPTED[\\s\\\\nr]{1,8}DEK-Info: ?[A-Za-z0-9,-]{8,64})(?<secret>[A-Za-z0-9+/=\\s\\\\\"',]{64,9000})", widths: 101...9143, lead: 40, reach: nil),
    notBefore: ByteSet(),
    notAfter: ByteSet(),
    keywords: [],
    keywordDistance: 0,
    companions: [],
    filters: Rule.Filters(minimumEntropy: 3.5, placeholders: [], structure: nil),
    names: [],
    supersedes: [],
    joinsLines: true,
    remediation: ["If the passphrase stands anywhere near, or is weak, treat the key as leaked and replace it."],
    references: ["https://www.rfc-editor.org/rfc/rfc7468", "https://www.rfc-editor.org/rfc/rfc1421"],
    examples: [Rule.Example("-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIIFL{base64 59}\n{base64 64}\n-----END ENCRYPTED PRIVATE KEY-----\n"), Rule.Example("-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,{hex 32}\n\n{base64 64}\n{base64 64}\n-----END RSA PRIVATE KEY-----\n")],
    nonExamples: [],
    knownMisses: [])
}
