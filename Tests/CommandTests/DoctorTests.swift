import Foundation
import TestSupport
import Testing

/// `keyscan doctor`, run with an environment and a home of its own.
struct DoctorTests {
  private let patient: Patient
  private var folder: TemporaryFolder { patient.folder }
  private var key: String { patient.key }
  private var other: String { patient.other }
  private var standard: String { patient.standard }

  init() throws {
    patient = try Patient()
  }

  // MARK: The whole

  @Test func `a whole key under one name is no fault`() throws {
    let diagnosis = try patient.diagnose(["GEMINI_API_KEY": key])
    #expect(diagnosis.status == 0)
    #expect(diagnosis.json["schema"] as? String == "keyscan.doctor/1")
    for id in ["environment", "precedence", "profiles", "dotenv", "shape", "type", "code"] {
      #expect(diagnosis.state(id) == "ok", "\(id): \(diagnosis.saw(id))")
    }
    #expect(diagnosis.state("message") == "not looked at")
    #expect(diagnosis.state("ask") == "not looked at")
    #expect(diagnosis.keys.count == 1)
    #expect(diagnosis.keys.first?["label"] as? String == "key A")
    #expect(diagnosis.keys.first?["kind"] as? String == "authorization")
    #expect(diagnosis.keys.first?["length"] as? Int == 53)
    #expect(diagnosis.keys.first?["sources"] as? [String] == ["GEMINI_API_KEY in the environment"])
  }

  @Test func `no key anywhere is a fault, and how to set one is told`() throws {
    let diagnosis = try patient.diagnose()
    #expect(diagnosis.status == 1 && diagnosis.state("environment") == "fault")
    #expect(diagnosis.advice("environment").contains("export GEMINI_API_KEY="))
    #expect(diagnosis.advice("environment").contains("$env:GEMINI_API_KEY = "))
    #expect(diagnosis.advice("environment").contains("setx GEMINI_API_KEY "))
  }

  @Test func `the text numbers the steps and shows prefix and length alone`() throws {
    let output = try patient.output(["GEMINI_API_KEY": "\(standard) "])
    #expect(output.status == 1)
    #expect(output.text.contains("1. ok: Is a key set where the program runs?"))
    #expect(output.text.contains("GEMINI_API_KEY is set: key A, AIza…(39)"))
    #expect(output.text.contains("5. fault: Has each value the shape of a key?"))
    #expect(output.text.contains("10. not looked at: What does Gemini itself say?"))
    #expect(output.text.contains("keyscan: a fault in 5; mend the first one first"))
    #expect(!output.text.contains("\u{1B}"))
    #expect(try patient.output([:], ["--color", "always"]).text.contains("\u{1B}[1;31mfault"))
  }

  @Test func `the way to ask Gemini has the variable in a header`() throws {
    let advice = try patient.diagnose(["GOOGLE_API_KEY": key]).advice("ask")
    #expect(advice.contains("curl -sS -m 10 -H \"x-goog-api-key: $GOOGLE_API_KEY\""))
    #expect(advice.contains("/v1beta/models?pageSize=1'") && !advice.contains("key="))
  }

  @Test func `a folder that is not there is told`() throws {
    let output = try patient.output([:], ["nowhere"])
    #expect(output.status == 66 && output.errors.contains("nowhere"))
    try folder.write("app/file", "")
    #expect(try patient.output([:], ["file"]).status == 66)
    #expect(try patient.output([:], ["--format", "xml"]).status == 64)
    #expect(try patient.output(["GEMINI_API_KEY": key], [folder.at("home")]).status == 0)
  }

  // MARK: The environment

  @Test func `two names with different keys are a fault, with the same key none`() throws {
    let differ = try patient.diagnose(["GEMINI_API_KEY": key, "GOOGLE_API_KEY": other])
    #expect(differ.status == 1 && differ.state("precedence") == "fault")
    #expect(differ.saw("precedence").contains("Google's Gen AI SDKs take GOOGLE_API_KEY"))
    #expect(differ.saw("precedence").contains("gemini-cli takes GEMINI_API_KEY"))
    let same = try patient.diagnose(["GEMINI_API_KEY": key, "GOOGLE_API_KEY": key])
    #expect(same.status == 0 && same.state("precedence") == "ok" && same.keys.count == 1)
  }

  @Test func `a name in the process and another in a file are held against each other`() throws {
    try folder.write("app/.env", "GEMINI_API_KEY=\(key)\n")
    #expect(try patient.diagnose(["GOOGLE_API_KEY": other]).state("precedence") == "fault")
    #expect(try patient.diagnose(["GOOGLE_API_KEY": key]).state("precedence") == "ok")
  }

  @Test func `only some programs take each name`() throws {
    let google = try patient.diagnose(["GOOGLE_API_KEY": key])
    #expect(google.status == 0 && google.state("precedence") == "hint")
    #expect(google.saw("precedence").contains("gemini-cli does not take GOOGLE_API_KEY"))
    let vercel = try patient.diagnose([
      "GEMINI_API_KEY": key, "GOOGLE_GENERATIVE_AI_API_KEY": other,
    ])
    #expect(vercel.saw("precedence").contains("another key, which Vercel's AI SDK takes"))
    let vertex = try patient.diagnose(["GEMINI_API_KEY": key, "GOOGLE_GENAI_USE_VERTEXAI": "true"])
    #expect(vertex.saw("precedence").contains("call Vertex AI"))
    let off = try patient.diagnose(["GEMINI_API_KEY": key, "GOOGLE_GENAI_USE_VERTEXAI": "false"])
    #expect(off.state("precedence") == "ok")
  }

  @Test func `empty, misnamed and placeholder values are faults`() throws {
    #expect(
      try patient.diagnose(["GEMINI_API_KEY": ""]).saw("environment").contains("set, but empty"))
    let misnamed = try patient.diagnose(["GEMINI_KEY": key])
    #expect(misnamed.state("environment") == "fault")
    #expect(misnamed.saw("environment").contains("no SDK of Google's reads that name"))
    #expect(try patient.diagnose(["GEMINI_API_KEY": key, "API_KEY": "hunter2"]).status == 0)
    let placeholder = try patient.diagnose(["GEMINI_API_KEY": "YOUR_API_KEY"])
    #expect(placeholder.status == 1 && placeholder.saw("environment").contains("a placeholder"))
  }

  @Test func `an address that is not Google's is told, without what stands in it`() throws {
    func seen(_ address: String) throws -> Patient.Diagnosis {
      try patient.diagnose(["GEMINI_API_KEY": key, "GOOGLE_GEMINI_BASE_URL": address])
    }
    let relay = try seen("https://me:\(other)@relay.example/v1?k=\(other)")
    #expect(relay.status == 0 && relay.state("environment") == "hint")
    #expect(relay.saw("environment").contains("relay.example, which is not Google's"))
    #expect(try seen("http://relay.example").state("environment") == "fault")
    #expect(try seen("https://generativelanguage.googleapis.com").state("environment") == "ok")
    #expect(try seen("http://localhost:8080").state("environment") == "hint")
    #expect(try seen("https://googleapis.com.relay.example").state("environment") == "hint")
  }

  @Test func `credentials are a file's name, not its content`() throws {
    let json = try patient.diagnose([
      "GEMINI_API_KEY": key, "GOOGLE_APPLICATION_CREDENTIALS": LookAlike.serviceAccount(),
    ])
    #expect(json.state("environment") == "fault" && json.saw("environment").contains("holds JSON"))
    try folder.write("app/adc.json", "{}")
    let there = try patient.diagnose([
      "GEMINI_API_KEY": key, "GOOGLE_APPLICATION_CREDENTIALS": "adc.json",
    ])
    #expect(there.state("environment") == "ok")
    let gone = try patient.diagnose([
      "GEMINI_API_KEY": key, "GOOGLE_APPLICATION_CREDENTIALS": "/nowhere",
    ])
    #expect(gone.state("environment") == "hint")
    let swapped = try patient.diagnose([
      "GOOGLE_APPLICATION_CREDENTIALS": key, "GEMINI_API_KEY": key,
    ])
    #expect(swapped.state("environment") == "fault")
  }

  // MARK: Shape and type

  @Test func `what is wrong with a value is told, and the value not`() throws {
    let cases = [
      ("\(standard)\u{200B}", "invisible characters: U+200B"),
      ("\"\(standard)\"", "quotation marks"),
      (String(standard.dropLast(9)), "9 characters too short"),
      (String(standard.dropFirst()), "its beginning is missing"),
      (standard + other, "two keys pasted together"), ("Bearer \(key)", "the word Bearer"),
      ("\u{410}" + standard.dropFirst(), "only look like Latin ones: U+0410"),
      ("\(key)\n", "a line break"), (LookAlike.clientSecret(), "an OAuth client secret"),
      (LookAlike.plain(20), "nothing that looks like a Google key"),
    ]
    for (value, words) in cases {
      let diagnosis = try patient.diagnose(["GEMINI_API_KEY": value])
      #expect(diagnosis.status == 1 && diagnosis.state("shape") == "fault", "\(words)")
      #expect(diagnosis.saw("shape").contains(words), "\(words): \(diagnosis.saw("shape"))")
    }
  }

  @Test func `of a value under sixteen bytes nothing is told`() throws {
    let diagnosis = try patient.diagnose(["GEMINI_API_KEY": "hunter2"])
    #expect(diagnosis.status == 1 && !diagnosis.text.contains("hunter2"))
    #expect(diagnosis.keys.first?["length"] is NSNull)
  }

  @Test func `a standard key is a hint with its dates, and never called dead`() throws {
    let diagnosis = try patient.diagnose(["GEMINI_API_KEY": standard])
    #expect(diagnosis.status == 0 && diagnosis.state("type") == "hint")
    #expect(diagnosis.saw("type").contains("2026-06-19"))
    #expect(diagnosis.saw("type").contains("September 2026"))
    #expect(diagnosis.advice("type").contains("https://aistudio.google.com/api-keys"))
    #expect(!diagnosis.text.lowercased().contains("dead"))
    #expect(try patient.diagnose(["GEMINI_API_KEY": key]).state("type") == "ok")
  }

  // MARK: Code

  @Test func `code that cannot work is told`() throws {
    let native = "url = 'https://generativelanguage.googleapis.com/v1beta/models'\n"
    func code(_ text: String, _ name: String = "a.py") throws -> Patient.Diagnosis {
      try folder.write("app/\(name)", text + "\n")
      defer { try? folder.remove("app/\(name)") }
      return try patient.diagnose(["GEMINI_API_KEY": key])
    }
    let bearer = native + "headers = {'Authorization': f'Bearer {api_key}'}"
    #expect(try code(bearer).saw("code").contains("a.py:2: an API key as Authorization: Bearer"))
    #expect(try code(bearer).status == 1)
    #expect(try code(bearer.replacingOccurrences(of: "models", with: "openai/")).status == 0)
    #expect(try code(native + "headers = {'x-goog-api-key': api_key}").state("code") == "ok")
    #expect(try code("genai.configure(api_key=\"YOUR_API_KEY\")").state("code") == "fault")
    #expect(
      try code("genai.configure(api_key=\"\(other)\")").saw("code").contains(
        "is written into the code"))
    #expect(try code("genai.GenerativeModel('gemini-pro')").saw("code").contains("may be gone"))
    #expect(try code("genai.GenerativeModel('gemini-2.5-pro')").state("code") == "ok")
    #expect(
      try code("genai.Client(api_key=os.environ['GEMINI_TOKEN_KEY'])").saw("code").contains(
        "GEMINI_TOKEN_KEY, which neither"))
    #expect(try code("genai.Client(api_key=os.environ['GEMINI_API_KEY'])").state("code") == "ok")
    #expect(try code(bearer, "node_modules/a.py").state("code") == "ok")
    #expect(
      try code("fetch(`https://generativelanguage.googleapis.com/v1?key=${k}`)", "a.js").saw("code")
        .contains("part of the address"))
  }

  @Test func `code that prefers the other name is told where the two differ`() throws {
    try folder.write(
      "app/a.py",
      "import google.genai\nkey = os.environ.get('GEMINI_API_KEY') or os.environ.get('GOOGLE_API_KEY')\n"
    )
    let differ = try patient.diagnose(["GEMINI_API_KEY": key, "GOOGLE_API_KEY": other])
    #expect(differ.saw("code").contains("takes GEMINI_API_KEY before GOOGLE_API_KEY"))
    #expect(
      try patient.diagnose(["GEMINI_API_KEY": key, "GOOGLE_API_KEY": key]).state("code") == "ok")
  }

  // MARK: Messages

  /// A verdict of the articles, a message that means it, and one that is like it and does not.
  @Test(arguments: [
    ("invalid", "400 API key not valid. Please pass a valid API key.", "400 bad request body"),
    ("invalid", "API Key not found. Please pass a valid API key.", "404 page not found"),
    ("expired", "400 API key expired. Please renew the API key.", "400 your session expired"),
    (
      "valid-but-service-disabled",
      "403 SERVICE_DISABLED Generative Language API has not been used in project 1 before",
      "403 PERMISSION_DENIED"
    ),
    (
      "blocked-as-leaked", "403 PERMISSION_DENIED Your API key was reported as leaked.",
      "403 PERMISSION_DENIED Requests to this API are blocked. API_KEY_SERVICE_BLOCKED"
    ),
    (
      "region-blocked", "400 FAILED_PRECONDITION User location is not supported for the API use.",
      "400 FAILED_PRECONDITION"
    ),
    ("rate-limited", "429 You exceeded your current quota", "400 INVALID_ARGUMENT"),
    (
      "active-but-restricted", "403 API_KEY_IP_ADDRESS_BLOCKED",
      "403 SERVICE_DISABLED has not been used in project 1"
    ),
    (
      "active-but-restricted", "403 Requests from referer <empty> are blocked.",
      "403 Your API key was reported as leaked."
    ),
    (
      "unknown-check-error",
      "404 models/gemini-pro is not found for API version v1beta", "429 RESOURCE_EXHAUSTED"
    ),
    ("unknown-check-error", "403 Method doesn't allow unregistered callers", "403 Forbidden"),
    ("unknown-network", "504 DEADLINE_EXCEEDED", "API key expired"),
    ("refused-key-type", "401 ACCESS_TOKEN_TYPE_UNSUPPORTED", "401 UNAUTHENTICATED"),
  ])
  func `each verdict has its message, and one like it has another`(
    verdict: String, message: String, other: String
  ) throws {
    func said(_ message: String) throws -> String {
      try patient.diagnose(["GEMINI_API_KEY": standard], ["--message", message]).saw("message")
    }
    let wanted = try said(message)
    let unwanted = try said(other)
    #expect(wanted.hasPrefix(verdict))
    #expect(!unwanted.hasPrefix(verdict))
  }

  @Test func `a message is explained by what it says, and never repeated`() throws {
    let leaked = try patient.diagnose(
      ["GEMINI_API_KEY": key],
      ["--message", "403 PERMISSION_DENIED: Your API key was reported as leaked."])
    #expect(leaked.status == 1 && leaked.saw("message").hasPrefix("blocked-as-leaked"))
    let suspended = try patient.diagnose(
      ["GEMINI_API_KEY": key], ["--message", "-"],
      input: "{\"error\": {\"code\": 403, \"message\": \"Consumer 'api_key:\(standard)' has been "
        + "suspended.\"}}")
    #expect(suspended.saw("message").contains("suspended"))
    #expect(suspended.saw("message").contains("the message holds a key"))
    let limited = try patient.diagnose(
      ["GEMINI_API_KEY": key], ["--message", "429 RESOURCE_EXHAUSTED"])
    #expect(limited.status == 0 && limited.state("message") == "hint")
    let type = ["--message", "401 ACCESS_TOKEN_TYPE_UNSUPPORTED"]
    #expect(
      try patient.diagnose(["GEMINI_API_KEY": standard], type).saw("message").hasPrefix(
        "refused-key-type"))
    #expect(
      try patient.diagnose(["GEMINI_API_KEY": key], type).saw("message").hasPrefix(
        "invalid-or-revoked"))
    #expect(try patient.diagnose(["GEMINI_API_KEY": key]).state("message") == "not looked at")
    let long = try patient.output(
      [:], ["--message", "-"], input: String(repeating: "x", count: 1 << 20 + 1))
    #expect(long.status == 64 && long.errors.contains("bytes"))
  }

  @Test func `where to look next is told`() throws {
    let advice = try patient.diagnose(["GEMINI_API_KEY": key]).advice("elsewhere")
    for words in [
      "marks keys that are blocked", "cannot be unblocked", "wait some minutes", "a container",
      "EEA, Switzerland and the United Kingdom", "Vertex AI takes", "restored for 30 days",
      "worked and died suddenly", "never was public", "No key can be made?",
      "key of the project that you think of", "find what is left",
    ] {
      #expect(advice.contains(words), "\(words)")
    }
  }

  @Test func `a name with a key in it, or with signs for a terminal, is made harmless`() throws {
    try folder.makeFolder("home/\(standard)/sub")
    try folder.write("home/\(standard)/.env", "GEMINI_API_KEY=\(key)\n")
    try folder.write("app/a\u{1B}[31m.bat", "set GEMINI_API_KEY=\(key)\n")
    let output = try patient.output(
      ["GEMINI_API_KEY": key, "SHELL": "/bin/\(standard)"], [folder.at("home/\(standard)/sub")])
    #expect(output.text.contains("~/AIza…/.env:1"))
    #expect(output.text.contains("AIza…") && !output.text.contains(standard))
    #expect(!(try patient.output(["GEMINI_API_KEY": key]).text.contains("\u{1B}")))
  }
}
