// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
  .enableExperimentalFeature("Lifetimes"),
]

/// Tests use Foundation, which strict memory safety has much to say about.
let testing: [SwiftSetting] = [.swiftLanguageMode(.v6), .treatAllWarnings(as: .error)]

/// A target of keyscan itself; ARCHITECTURE.md's table says what each is for.
func room(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

/// The tests of one target.
func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .testTarget(
    name: "\(name)Tests", dependencies: dependencies + ["TestSupport"], swiftSettings: testing)
}

let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")

let package = Package(
  name: "keyscan",
  platforms: [.macOS(.v26)],
  products: [.executable(name: "keyscan", targets: ["keyscan"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    .package(url: "https://github.com/LebJe/TOMLKit", from: "0.6.0"),
    .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0", traits: []),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
    // Tests alone.
    .package(
      url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
  ],
  targets: [
    .systemLibrary(
      name: "CGit2", pkgConfig: "libgit2", providers: [.apt(["libgit2-dev"]), .brew(["libgit2"])]),
    .systemLibrary(
      name: "CHyperscan", pkgConfig: "libhs",
      providers: [.apt(["libhyperscan-dev"]), .brew(["vectorscan"])]),
    .systemLibrary(
      name: "CPCRE2", pkgConfig: "libpcre2-8",
      providers: [.apt(["libpcre2-dev"]), .brew(["pcre2"])]),
    .systemLibrary(
      name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
    .systemLibrary(
      name: "CDeflate", pkgConfig: "libdeflate",
      providers: [.apt(["libdeflate-dev"]), .brew(["libdeflate"])]),
    .systemLibrary(
      name: "CSQLite", pkgConfig: "sqlite3",
      providers: [.apt(["libsqlite3-dev"]), .brew(["sqlite"])]),
    .target(name: "CAnchorDatabase", exclude: ["Generated"]),
    // Loads libarchive when it is needed, so it is not linked.
    .target(name: "CArchive"),
    .target(name: "CFiles"),
    .target(name: "CGit2Start"),

    room("Bytes", []),
    room("Files", ["CFiles"]),
    room("Documents", ["TOMLKit", "Yams"]),
    room("Matching", ["CAnchorDatabase", "CHyperscan", "CPCRE2"]),
    room("Model", ["Bytes"]),
    room("Git", ["Bytes", "CGit2", "CGit2Start", "Files", crypto]),
    room("Packs", ["CDeflate", "CZlib", "Files", "Git"]),
    room("Rules", ["Bytes", "Documents", "Files", "Matching", "Model", crypto, "Yams"]),
    room("Store", ["Bytes", "Files", "Git", crypto]),
    room("BuiltInRules", ["Bytes", "Model", "Rules"]),
    room("Archives", ["Bytes", "CArchive", "CSQLite", "CZlib", "Files"]),
    room("Inputs", ["Bytes", "Files", "Git", "Model", "Packs"]),
    room(
      "Scanning",
      ["Archives", "Bytes", "Files", "Git", "Inputs", "Matching", "Model", "Rules", crypto]),
    room("Assessing", ["Bytes", "Model"]),
    room("Dotenv", ["Bytes", "Documents", "Files", "Git", "Inputs", "Model"]),
    room(
      "History",
      [
        "Archives", "Files", "Git", "Inputs", "Matching", "Model", "Packs", "Rules", "Scanning",
        "Store", crypto,
      ]),
    room("Hooks", ["Files", "Git"]),
    room(
      "OwnSecrets",
      ["Bytes", "Documents", "Dotenv", "Files", "Git", "Inputs", "Model", "Rules", "Scanning"]),
    room("Reporting", ["Bytes", "Documents", "Model"]),
    room("Suppressing", ["Documents", "Git", "Model", "Yams"]),
    room("LiveChecks", ["Bytes", "Documents", "Files", "Model", "Rules", "Store", crypto]),
    room(
      "HTTPS",
      [
        "Files", "LiveChecks",
        .product(name: "AsyncHTTPClient", package: "async-http-client"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
      ]),
    room("Doctor", ["Bytes", "Files", "LiveChecks", "Model"]),
    room(
      "Migrating", ["Bytes", "Documents", "Matching", "Model", "Rules", "Suppressing", crypto]),
    .executableTarget(
      name: "keyscan",
      dependencies: [
        "Assessing", "BuiltInRules", "Doctor", "Documents", "Dotenv", "Files", "Git", "History",
        "HTTPS", "Hooks", "Inputs", "LiveChecks", "Matching", "Migrating", "Model", "OwnSecrets",
        "Reporting", "Rules", "Scanning", "Store", "Suppressing",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),
    .executableTarget(
      name: "embed-rules", dependencies: ["Files", "Matching", "Rules"], swiftSettings: strict),

    .target(
      name: "FuzzInputs", dependencies: ["Archives", "Files", "Git", "Packs"],
      path: "Tests/Fuzz/Inputs",
      swiftSettings: testing),
    .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: testing),
    .target(
      name: "ServerSupport",
      dependencies: [
        "TestSupport",
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "HummingbirdTLS", package: "hummingbird"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
      ],
      path: "Tests/ServerSupport", swiftSettings: testing),
    tests("Files", ["Files"]),
    tests("Archives", ["Archives", "Files", "FuzzInputs"]),
    tests("Matching", ["Matching"]),
    tests("Model", ["Model"]),
    tests("Git", ["Files", "Git"]),
    tests("Packs", ["Files", "FuzzInputs", "Git", "Packs"]),
    tests("Store", ["Files", "Git", "Store"]),
    tests("Rules", ["BuiltInRules", "Bytes", "Matching", "Model", "Rules"]),
    tests(
      "Scanning",
      ["BuiltInRules", "Files", "Git", "Inputs", "Matching", "Model", "Rules", "Scanning"]),
    tests("Reporting", ["Model", "Reporting"]),
    tests("Migrating", ["Bytes", "Documents", "Matching", "Migrating", "Model", "Rules"]),
    tests("Assessing", ["Assessing", "Model"]),
    tests("Doctor", ["Doctor", "Files", "Model"]),
    tests("LiveChecks", ["BuiltInRules", "LiveChecks", "Model", "Rules", "Store"]),
    tests(
      "HTTPS",
      [
        "Files", "HTTPS", "LiveChecks", "ServerSupport",
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
      ]),
    tests("Dotenv", ["Bytes", "Dotenv", "Git", "Model"]),
    tests("OwnSecrets", ["Dotenv", "OwnSecrets"]),
    tests(
      "History",
      [
        "BuiltInRules", "Files", "Git", "History", "Matching", "Model", "Packs", "Rules",
        "Scanning", "Store",
      ]),
    tests("Command", ["ServerSupport", "keyscan"]),
  ]
)

// `make fuzz` alone builds this: its program begins in libFuzzer, which only a sanitizer brings.
if Context.environment["KEYSCAN_FUZZ"] != nil {
  package.targets.append(
    .executableTarget(
      name: "fuzz-packs", dependencies: ["FuzzInputs"], path: "Tests/Fuzz/Program",
      swiftSettings: testing + [.unsafeFlags(["-parse-as-library"])]))
}
