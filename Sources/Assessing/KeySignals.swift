internal import Bytes

/// What the place of a Google key shows about what the key is for.
///
/// The facts are those of Google's documentation: which files hold keys that are public by design
/// (<https://firebase.google.com/docs/projects/api-keys>), which names the Gemini SDKs read
/// (<https://ai.google.dev/gemini-api/docs/api-key>).
package struct KeySignals: OptionSet, Sendable, Hashable {
  package let rawValue: UInt32

  package init(rawValue: UInt32) { self.rawValue = rawValue }

  /// The name that it is given to, or the call that it stands in, is Gemini's.
  package static let geminiName = KeySignals(rawValue: 1 << 0)
  /// A Gemini SDK or endpoint is used in the same file.
  package static let geminiNear = KeySignals(rawValue: 1 << 1)
  /// The name says that the value is built into what browsers get: `NEXT_PUBLIC_…`.
  package static let publicName = KeySignals(rawValue: 1 << 2)
  /// Among the values of a Firebase configuration.
  package static let firebase = KeySignals(rawValue: 1 << 3)
  /// In a call of Maps by a browser or an app, or in an app's manifest.
  package static let mapsClient = KeySignals(rawValue: 1 << 4)
  /// In the address or the code of a web service that servers call.
  package static let webService = KeySignals(rawValue: 1 << 5)
  /// In a file that an app or a page is made of.
  package static let clientFile = KeySignals(rawValue: 1 << 6)
  /// In a file that only servers, scripts and people read.
  package static let serverFile = KeySignals(rawValue: 1 << 7)
  /// In a test, or among the rules of a scanner.
  package static let test = KeySignals(rawValue: 1 << 8)
  /// In a page that was saved from somewhere else.
  package static let savedPage = KeySignals(rawValue: 1 << 9)
  /// Other files use a Gemini SDK or endpoint together with the name that the key is given to.
  package static let geminiByName = KeySignals(rawValue: 1 << 10)

  /// Packed in an app that people get.
  package static let inApp = KeySignals(rawValue: 1 << 11)

  /// How many bytes before and after a key are looked at.
  package static let reach = 8192
  /// Within so many bytes what stands there is about the key.
  private static let near = 400

  /// Reads the signals of a key in `range` of `text`, which stands at `path`.
  package init(path: [UInt8], text: Span<UInt8>, range: Range<Int>) {
    self.init(path: path, Vicinity(text, around: range, reach: Self.reach))
  }

  /// Reads the signals of a key from what stands around it in the file at `path`.
  init(path: [UInt8], _ here: Vicinity) {
    self = Self.ofPath(path.map(\.lowercased))
    if contains(.test), !contains(.serverFile), here.anywhere(holds: Markers.recorded) {
      insert(.savedPage)
    }
    if here.line(holds: Markers.geminiNames) { insert(.geminiName) }
    if here.within(Self.near, holds: Markers.geminiCalls) { insert(.geminiName) }
    if here.anywhere(holds: Markers.geminiCalls) { insert(.geminiNear) }
    if here.line(holds: Markers.publicNames) { insert(.publicName) }
    if here.count(of: Markers.firebase, within: 900) >= 2 { insert(.firebase) }
    if here.within(300, holds: Markers.firebaseAlone) { insert(.firebase) }
    if here.within(Self.near, holds: Markers.mapsClient) { insert(.mapsClient) }
    if !contains(.serverFile), here.line(holds: Markers.mapsNames) { insert(.mapsClient) }
    if here.line(holds: Markers.webServiceNames)
      || here.within(Self.near, holds: Markers.webServices)
    {
      insert(.webService)
    }
  }

  /// What the name of a file says.
  private static func ofPath(_ path: [UInt8]) -> KeySignals {
    var signals: KeySignals = []
    let parts = path.split(separator: UInt8(ascii: "/")).map { String(decoding: $0, as: UTF8.self) }
    let name = parts.last ?? ""
    let folders = parts.dropLast()
    // Whoever has the app has all that is packed in it.
    let apps = [".apk!", ".aab!", ".aar!", ".ipa!", ".xapk!", ".apks!"]
    if folders.contains(where: { folder in apps.contains(where: folder.hasSuffix) }) {
      signals.insert(.inApp)
    }
    let served: Set<String> = ["public", "static", "assets", "www", "dist", "wwwroot"]
    func ends(_ endings: [String]) -> Bool { endings.contains { name.hasSuffix($0) } }
    if ["google-services.json", "googleservice-info.plist"].contains(where: name.hasSuffix) {
      signals.formUnion([.firebase, .clientFile])
    }
    if ends([
      ".html", ".htm", ".xml", ".plist", ".swift", ".kt", ".dart", ".m", ".jsx", ".tsx", ".vue",
      ".svelte", ".css", ".gradle", ".xcconfig", ".njk", ".ejs", ".hbs", ".erb", ".jsp", ".cshtml",
      ".twig", ".blade.php",
    ]) || name.hasPrefix("firebase")
      || ends([".js", ".ts", ".mjs", ".json"]) && folders.contains(where: served.contains)
      || ends([".java"]) && folders.starts(with: ["app", "src", "main"])
    {
      signals.insert(.clientFile)
    }
    if ends([
      ".py", ".rb", ".php", ".go", ".sh", ".bash", ".zsh", ".bat", ".cmd", ".ps1", ".ipynb", ".r",
      ".pl", ".yml", ".yaml", ".toml", ".ini", ".cfg", ".conf", ".cs", ".pyc",
    ])
      || name.hasPrefix(".env") || name.hasPrefix(".bash") || name.hasPrefix(".zsh")
      || name == ".profile" || name == "dockerfile"
    {
      signals.insert(.serverFile)
    }
    let tests: Set<String> = [
      "test", "tests", "testdata", "__tests__", "spec", "specs", "fixtures", "mock", "mocks",
    ]
    if folders.contains(where: tests.contains) || name.contains("_test.") || name.contains(".test.")
      || name.contains("test_") || name.contains(".spec.") || folders.contains("rules")
    {
      signals.insert(.test)
    }
    if name.contains("gemini") { signals.insert(.geminiName) }
    if ends([".html", ".htm"]), folders.contains(where: { tests.contains($0) || $0 == "html" }) {
      signals.insert(.savedPage)
    }
    return signals
  }
}

/// Texts in lower case that tell what a key is for.
private enum Markers {
  static let geminiNames = [
    "gemini", "generativeai", "generative_ai", "generative-ai", "genai", "google_ai", "googleai",
    "google-ai", "palm_api", "palmapi", "makersuite", "ai_studio", "aistudio", "bard_api",
  ]
  static let geminiCalls = [
    "generativelanguage.googleapis", "googlegenerativeai(", "googlegenai(", "genai.configure",
    "genai.client(", "generativemodel(", "chatgooglegenerativeai", "google.generativeai",
    "@google/generative-ai", "@google/genai", "from google import genai", "google.genai",
    "gemini-1", "gemini-2", "gemini-pro", "gemini-flash", "google_generative_ai",
  ]
  static let publicNames = [
    "vite_", "next_public_", "react_app_", "expo_public_", "nuxt_public_", "gatsby_", "vue_app_",
    "public_",
  ]
  static let firebase = [
    "authdomain", "projectid", "storagebucket", "messagingsenderid", "appid", "measurementid",
    "databaseurl", "project_id", "mobilesdk_app_id", "project_number", "gcm_sender_id",
    "google_app_id", "storage_bucket", "database_url", "firebaseapp.com", "firebaseio.com",
    "appspot.com", "android_client_info", "iosbundleid", "iosclientid",
  ]
  static let firebaseAlone = [
    "firebaseoptions(", "initializeapp(", "firebaseconfig", "firebase_config", "firebase_api_key",
    "google_api_key\"", "google_crash_reporting_api_key", "identitytoolkit", "securetoken.google",
    "firebaseapikey", "current_key",
  ]
  static let mapsClient = [
    "maps.googleapis.com/maps/api/js", "maps.google.com/maps/api/js", "google.com/maps/embed",
    "com.google.android.geo.api_key", "com.google.android.maps.v2.api_key", "google_maps_key",
    "gmsservices.provideapikey", "gmsplacesclient", "maps/api/staticmap", "maps/api/streetview",
    "places.initialize(", "usejsapiloader", "jsapi-loader", "googlemapsapikey", "gmap",
    "react-native-maps", "loadscript", "mapsapiloader", "google_maps_api_key",
  ]
  static let mapsNames = ["maps_api_key", "mapsapikey", "maps_key", "mapskey", "maps.api.key"]
  /// What pages, and answers that somebody recorded for a test, hold.
  static let recorded = [
    "<html", "<script", "<div", "<meta", "</a>", "responsebody", "innertube", "http/1.1",
  ]
  static let webServiceNames = [
    "youtube", "translate", "customsearch", "custom_search", "google_cse", "cse_key", "vision",
    "geocod", "directions", "distance", "fcm", "gcm", "server_key", "serverkey", "speech",
    "developerkey", "developer_key", "books_api", "pagespeed", "calendar", "sheets",
  ]
  static let webServices = [
    "googleapis.com/youtube/v3", "build('youtube", "build(\"youtube", "googlemaps.client(",
    "maps/api/geocode", "maps/api/place/", "maps/api/distancematrix", "maps/api/directions",
    "maps/api/elevation", "maps/api/timezone", "googleapis.com/customsearch",
    "translation.googleapis", "googleapis.com/language/translate", "vision.googleapis",
    "fcm/send", "gcm/send", "com.google.api.services", "googleapiclient", "kgsearch.googleapis",
    "speech.googleapis",
    "texttospeech.googleapis", "googleapis.com/books", "googleapis.com/geolocation",
    "places.googleapis", "routes.googleapis", "build('customsearch", "build(\"customsearch",
    "developerkey", "urlshortener",
  ]
}
