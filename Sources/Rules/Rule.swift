package import Bytes
package import Model

/// What makes one kind of secret known, and what to say when one is found.
package struct Rule: Equatable, Sendable {
  package var id: RuleID
  /// Who issues the secret, as people write it.
  package var provider: String
  package var title: String
  package var description: String
  package var severity: Severity
  package var confidence: Confidence
  package var kind: Kind
  package var role: Role
  /// What is searched for; empty for a rule of names alone.
  package var anchors: [Anchor]
  /// The anchors' letters match in either case.
  package var ignoresCase: Bool
  /// The anchors are also searched for written wholly in escapes, and in base64 that a line
  /// break cuts.
  package var searchesEscapes: Bool
  /// The name, as a pattern, that a value must be given to; it is part of ``shape`` too.
  package var assignedTo: String?
  /// The token's own shape; `nil` for a rule of names alone.
  package var shape: Shape?
  /// What must not stand right before and right after the shape.
  package var notBefore: ByteSet
  package var notAfter: ByteSet
  /// One of these must be near, in either case; empty for no condition.
  package var keywords: [String]
  /// How many bytes before or after the shape a keyword may stand.
  package var keywordDistance: Int
  package var companions: [Companion]
  package var filters: Filters
  /// Paths in the syntax of ignore files: a condition if there are anchors, else the rule.
  package var names: [String]
  /// Rules that give way to this one where both match the same bytes.
  package var supersedes: [RuleID]
  /// Paths in the syntax of ignore files, below which a match is less sure.
  package var lessSureIn: [String]
  /// Line breaks in the secret, and their escapes, are not part of it.
  package var joinsLines: Bool
  /// The one secret that the rule finds; `nil` for a rule that finds a kind of secrets.
  package var known: Known?
  /// What to do, one step a sentence.
  package var remediation: [String]
  package var references: [String]
  package var examples: [Example]
  package var nonExamples: [NonExample]
  package var knownMisses: [Example]
  /// How it is asked whether a secret is alive.
  ///
  /// `nil` for built-in rules too: their checks stand in a table of their own, which nobody makes
  /// who asks nothing.
  package var liveCheck: LiveCheck? {
    get { asking?.check }
    set { asking = newValue.map { Asking($0) } }
  }

  private var asking: Asking?

  /// A live check, out of line: rules are copied for every anchor that is judged, and few have one.
  private final class Asking: Equatable, Sendable {
    let check: LiveCheck

    init(_ check: LiveCheck) {
      self.check = check
    }

    static func == (a: Asking, b: Asking) -> Bool { a.check == b.check }
  }

  /// What kind of thing is found.
  package enum Kind: String, CaseIterable, Sendable {
    /// Names something and opens nothing.
    case identifier
    /// Meant to be seen, and dangerous when it may do too much.
    case publicKey = "public-key"
    /// Long-lived, never public.
    case secret
    /// Short-lived or bound to one purpose.
    case token
  }

  package enum Role: String, CaseIterable, Sendable {
    case finding
    /// Never reported alone: it only stands beside others.
    case companion
  }

  /// A fixed string that every match holds or has within reach.
  package struct Anchor: Hashable, Sendable {
    package let text: String
    /// A longer form, which begins with ``text``, for encodings in which the short one is too
    /// common; `nil` for the same.
    package let encoded: String?

    package init(_ text: String, encoded: String? = nil) {
      self.text = text
      self.encoded = encoded
    }

    /// The most bytes that an anchor may have.
    package static let longest = 32
  }

  /// A pattern with a greatest width.
  package struct Shape: Equatable, Sendable {
    /// In PCRE2's syntax, with one group named `secret`.
    package let pattern: String
    /// The fewest and the most bytes that a match spans.
    package let widths: ClosedRange<Int>
    /// A match begins at most so many bytes before an anchor.
    package let lead: Int
    /// A match begins at most so many bytes after an anchor's end; `nil` if it begins at the
    /// anchor or before it.
    package let reach: Int?

    package init(pattern: String, widths: ClosedRange<Int>, lead: Int, reach: Int?) {
      self.pattern = pattern
      self.widths = widths
      self.lead = lead
      self.reach = reach
    }

    /// Every match begins with the anchor itself.
    package var startsWithAnchor: Bool { lead == 0 && reach == nil }
  }

  /// Another secret or name that belongs to this one: the id of a key.
  package struct Companion: Equatable, Sendable {
    /// The rule that says what it looks like.
    package let rule: RuleID
    /// How many bytes before or after the shape it may stand.
    package let distance: Int
    /// Without it there is no match.
    package let isRequired: Bool

    package init(rule: RuleID, distance: Int, isRequired: Bool) {
      self.rule = rule
      self.distance = distance
      self.isRequired = isRequired
    }
  }

  /// What a secret must be like beyond its shape.
  package struct Filters: Equatable, Sendable {
    /// In bits a byte, from 0 to 8.
    package var minimumEntropy: Double?
    /// Secrets that are known from documentation, exactly.
    package var placeholders: [String]
    /// Patterns of what is no secret: one of them matches somewhere in it.
    package var exceptions: [String]
    package var structure: Structure?
    package var checksum: Checksum?
    /// The secret is a JSON Web Token, and its claims must say this.
    package var claims: Claims?
    /// The secret has no shape of its own: whether it is one is guessed from how random it looks.
    package var looksRandom: Bool
    /// The secret is an AWS access key id, whose account must be among some or must not be.
    package var accounts: Accounts?

    package init(
      minimumEntropy: Double? = nil, placeholders: [String] = [], exceptions: [String] = [],
      structure: Structure? = nil,
      checksum: Checksum? = nil, claims: Claims? = nil, looksRandom: Bool = false,
      accounts: Accounts? = nil
    ) {
      self.minimumEntropy = minimumEntropy
      self.placeholders = placeholders
      self.exceptions = exceptions
      self.structure = structure
      self.checksum = checksum
      self.claims = claims
      self.looksRandom = looksRandom
      self.accounts = accounts
    }
  }

  /// Accounts of Amazon Web Services, as numbers of twelve digits.
  package struct Accounts: Equatable, Sendable {
    package let numbers: [String]
    /// The account must be none of them.
    package let isExcept: Bool

    package init(_ numbers: [String], isExcept: Bool) {
      self.numbers = numbers
      self.isExcept = isExcept
    }
  }

  /// Characters at a token's end that are reckoned from the rest.
  package struct Checksum: Equatable, Sendable {
    package let kind: Kind
    /// How sure a match is whose checksum is wrong.
    package let otherwise: Confidence

    package init(kind: Kind, otherwise: Confidence) {
      self.kind = kind
      self.otherwise = otherwise
    }

    package enum Kind: String, CaseIterable, Sendable {
      /// The last six characters are the CRC-32 of those after the last `_`, in base 62.
      case crc32Base62 = "crc32-base62"
    }
  }

  /// What the claims of a JSON Web Token say about how long it is good for.
  package enum Claims: String, CaseIterable, Sendable {
    /// It has not run out, or never does.
    case current
    case expired
  }

  /// A tighter shape, which real secrets have.
  package struct Structure: Equatable, Sendable {
    package let pattern: String
    /// How sure a match is that does not have it.
    package let otherwise: Confidence

    package init(pattern: String, otherwise: Confidence) {
      self.pattern = pattern
      self.otherwise = otherwise
    }
  }

  /// A text in which the rule finds something.
  package struct Example: Equatable, Sendable {
    /// As it is written, with fill-ins.
    package let text: String
    /// The path that the text is taken to stand at; `nil` for any.
    package let path: String?

    package init(_ text: String, path: String? = nil) {
      self.text = text
      self.path = path
    }
  }

  /// A text in which the rule finds nothing, and why.
  package struct NonExample: Equatable, Sendable {
    package let example: Example
    package let because: String

    package init(_ text: String, path: String? = nil, because: String) {
      example = Example(text, path: path)
      self.because = because
    }
  }

  package init(
    id: RuleID, provider: String, title: String, description: String, severity: Severity,
    confidence: Confidence = .high, kind: Kind, role: Role = .finding, anchors: [Anchor] = [],
    ignoresCase: Bool = false, searchesEscapes: Bool = false, assignedTo: String? = nil,
    shape: Shape? = nil,
    notBefore: ByteSet = ByteSet(), notAfter: ByteSet = ByteSet(), keywords: [String] = [],
    keywordDistance: Int = 0, companions: [Companion] = [], filters: Filters = Filters(),
    names: [String] = [], supersedes: [RuleID] = [], lessSureIn: [String] = [],
    joinsLines: Bool = false,
    remediation: [String] = [], references: [String] = [], examples: [Example] = [],
    nonExamples: [NonExample] = [], knownMisses: [Example] = []
  ) {
    self.id = id
    self.provider = provider
    self.title = title
    self.description = description
    self.severity = severity
    self.confidence = confidence
    self.kind = kind
    self.role = role
    self.anchors = anchors
    self.ignoresCase = ignoresCase
    self.searchesEscapes = searchesEscapes
    self.assignedTo = assignedTo
    self.shape = shape
    self.notBefore = notBefore
    self.notAfter = notAfter
    self.keywords = keywords
    self.keywordDistance = keywordDistance
    self.companions = companions
    self.filters = filters
    self.names = names
    self.supersedes = supersedes
    self.lessSureIn = lessSureIn
    self.joinsLines = joinsLines
    self.remediation = remediation
    self.references = references
    self.examples = examples
    self.nonExamples = nonExamples
    self.knownMisses = knownMisses
  }
}

extension Rule {
  /// What a report says about the rule.
  package var note: RuleNote {
    RuleNote(
      id: id, title: title, provider: provider, severity: severity, description: description,
      help: remediation, references: references)
  }
}

extension Rule {
  /// The token shows by itself what it is: nothing that must stand beside it, and no path, is
  /// asked for.
  package var isKnownByToken: Bool {
    shape?.pattern.hasPrefix("(?<secret>") == true && assignedTo == nil && keywords.isEmpty
      && names.isEmpty && !companions.contains(where: \.isRequired)
      && shape.map { $0.lead + ($0.reach ?? 0) < 100 } == true
  }
}
