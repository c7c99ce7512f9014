import Assessing
import Model
import Testing

struct KeyAssessmentTests {
  /// Stands for a key; what it is does not matter here.
  private static let key = "KEYKEYKEYKEYKEYKEYKEYKEYKEYKEYKEYKEYKEY"

  private func assess(_ path: String, _ text: String) throws -> Assessment? {
    let bytes = Array(text.utf8)
    let key = Array(Self.key.utf8)
    let start = try #require(
      bytes.indices.first { bytes[$0...].starts(with: key) }, "the text has no key")
    let signals = KeySignals(
      path: Array(path.utf8), text: bytes.span, range: start..<(start + key.count))
    return KeyAssessment.assess([signals])
  }

  /// A path, a text in which K stands for the key, and what the key is by them.
  @Test(arguments: [
    (".env", "GEMINI_API_KEY=K", Assessment.Kind.gemini),
    (".env", "GOOGLE_GENERATIVE_AI_API_KEY=K", .gemini),
    ("app.py", "import google.generativeai as genai\ngenai.configure(api_key=\"K\")", .gemini),
    (
      "bot.py", "from google import genai\n\n\nKEY = 'K'\nclient = genai.Client(api_key=KEY)",
      .gemini
    ),
    ("src/ai.js", "const ai = new GoogleGenerativeAI('K')", .gemini),
    (
      "run.sh", "curl -H 'x-goog-api-key: K' https://generativelanguage.googleapis.com/v1/m",
      .gemini
    ),
    (".zshrc", "export GEMINI_API_KEY=\"K\"", .gemini),
    ("ci.yml", "env:\n  GEMINI_KEY: K", .gemini),
    ("app/src/main/java/x/GeminiConfig.java", "static final String API_KEY = \"K\";", .gemini),
    ("app/google-services.json", "{\"current_key\": \"K\"}", .publicClient),
    ("ios/GoogleService-Info.plist", "<key>API_KEY</key>\n<string>K</string>", .publicClient),
    (
      "src/firebase.js",
      "const c = { apiKey: 'K', authDomain: 'a.firebaseapp.com', projectId: 'a', appId: '1' }",
      .publicClient
    ),
    (
      "app/src/main/AndroidManifest.xml",
      "<meta-data android:name=\"com.google.android.geo.API_KEY\" android:value=\"K\"/>",
      .publicClient
    ),
    (
      "index.html", "<script src=\"https://maps.googleapis.com/maps/api/js?key=K\"></script>",
      .publicClient
    ),
    (".env", "VITE_GOOGLE_MAPS_API_KEY=K", .publicClient),
    ("gradle.properties", "MAPS_API_KEY=K", .publicClient),
    ("AppDelegate.swift", "GMSServices.provideAPIKey(\"K\")", .publicClient),
    ("geo.py", "gmaps = googlemaps.Client(key='K')", .server),
    ("yt.py", "yt = build('youtube', 'v3', developerKey='K')", .server),
    (".env", "YOUTUBE_API_KEY=K", .server),
    ("push.php", "$headers = ['Authorization: key=K']; // fcm/send", .server),
    ("config.yml", "google_key: K", .server),
    ("pkg/detectors/x_test.go", "valid := \"K\"", .placeholder),
  ])
  func `a key is what it is used for`(path: String, text: String, kind: Assessment.Kind) throws {
    let parts = text.ranges(ofKey: "K")
    let full = parts.prefix + Self.key + parts.suffix
    #expect(try assess(path, full)?.kind == kind)
  }

  @Test func `nothing is said where nothing tells`() throws {
    #expect(try assess("notes.txt", Self.key) == nil)
    #expect(try assess("README.md", "the key is \(Self.key)") == nil)
  }

  @Test func `the most dangerous use decides, and one that everybody reads is worse`() throws {
    func sight(_ path: String, _ before: String) -> KeySignals {
      let bytes = Array((before + Self.key).utf8)
      let start = before.utf8.count
      return KeySignals(path: Array(path.utf8), text: bytes.span, range: start..<bytes.count)
    }
    let server = sight(".env", "GEMINI_API_KEY=")
    let firebase = sight("google-services.json", "")
    let translate = sight(".env", "TRANSLATE_KEY=")
    #expect(KeyAssessment.assess([server])?.severity == .high)
    #expect(KeyAssessment.assess([firebase])?.severity == .low)
    #expect(KeyAssessment.assess([firebase, server])?.severity == .critical)
    #expect(KeyAssessment.assess([firebase, translate])?.kind == .server)
    #expect(KeyAssessment.assess([sight(".env", "VITE_GEMINI_API_KEY=")])?.severity == .critical)
    #expect(KeyAssessment.assess([]) == nil)
  }

  @Test func `what stands far away says nothing`() throws {
    let far = String(repeating: "x\n", count: KeySignals.reach)
    #expect(try assess("a.txt", "GoogleGenerativeAI(\n\(far)\(Self.key)") == nil)
  }
}

extension String {
  /// What stands before and after the one place where `word` stands alone.
  fileprivate func ranges(ofKey word: Character) -> (prefix: String, suffix: String) {
    let characters = Array(self)
    let isWord = { (c: Character) in c.isLetter || c == "_" || c.isNumber }
    let place = characters.indices.first { i in
      characters[i] == word && (i == 0 || !isWord(characters[i - 1]))
        && (i + 1 == characters.count || !isWord(characters[i + 1]))
    }
    guard let place else { return (self, "") }
    return (String(characters[..<place]), String(characters[(place + 1)...]))
  }
}
