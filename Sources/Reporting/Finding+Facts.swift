internal import Model

/// One thing to say of a finding: `in: work tree, HEAD`.
struct Fact {
  let name: String
  let text: String
  /// The text is no sentence but a path, a secret or a name, to be shown as one piece.
  let isLiteral: Bool
}

extension Finding {
  /// How many places of one finding are named.
  private static let namedPlaces = 5

  /// The secret as a report shows it; `nil` when a file itself is the finding.
  func secretText(showsSecrets: Bool) -> String? {
    secret.map { $0.shown(inClear: showsSecrets).shown }
  }

  /// What was found and where, in one line: `Google API key in src/main.ts:3:14`.
  func headline(in targets: [Target]) -> String {
    let title = ForeignText(title).shown
    return mainPlace.map { "\(title) in \($0.name(in: targets))" } ?? title
  }

  /// Everything to say of it but what to do, the most telling first.
  func facts(in targets: [Target], showsSecrets: Bool) -> [Fact] {
    var facts: [Fact] = []
    func say(_ name: String, _ text: String, isLiteral: Bool = false) {
      facts.append(Fact(name: name, text: text, isLiteral: isLiteral))
    }
    if let text = secretText(showsSecrets: showsSecrets) { say("secret", text, isLiteral: true) }
    if confidence != .high { say("confidence", confidence.rawValue) }
    let named = places.prefix(Self.namedPlaces)
    let differ = named.contains { $0.standsIn != named.first?.standsIn }
    for place in named {
      let standing = differ ? " (\(place.standsIn.members.names))" : ""
      say("where", place.name(in: targets) + standing, isLiteral: true)
    }
    if places.count > named.count { say("places", "\(places.count) in all") }
    say("in", standsIn.names)
    for place in named {
      if let story = place.story {
        say("since", places.count > 1 ? "\(story) (\(place.path.shown))" : story)
      }
      if let removed = place.past?.removed { say("gone with", "commit \(removed.prefix(12))") }
    }
    if published == .yes { say("published", "yes: a remote-tracking branch reaches it") }
    if let decoded = places.first?.decoded, !decoded.isEmpty {
      say("read through", ForeignText(decoded.joined(separator: ", ")).shown)
    }
    for note in notes { say("note", note.shown) }
    say("rule", ForeignText(rule.description).shown, isLiteral: true)
    say("fingerprint", fingerprint.description, isLiteral: true)
    return facts
  }

  /// What to do about it, a step each.
  var steps: [String] { advice.map(\.shown) }

  /// Everything to say of it in lines of plain text, none of which begins with foreign text.
  func lines(in targets: [Target], showsSecrets: Bool) -> [String] {
    facts(in: targets, showsSecrets: showsSecrets).map { "\($0.name): \($0.text)" }
      + steps.map { "do: \($0)" }
      + (repair.isEmpty ? [] : ["repair:"] + repair.map { "    \($0.shown)" })
  }
}
