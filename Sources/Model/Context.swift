/// What stands around a match, as far as it tells what the secret is for and how it is handled.
package struct Context: Equatable, Sendable {
  /// What the secret is for, in bits of whoever reads them.
  package var purpose: UInt32
  /// How the secret is handled there, in bits of whoever reads them.
  package var handling: UInt32
  /// The name that the secret is given to: letters, digits, `_`, `-` and `.`, 64 bytes at most;
  /// `nil` if there is none.
  package var name: String?
  /// The Google Cloud project that the text names beside the secret.
  package var project: CloudProject?

  package init(
    purpose: UInt32 = 0, handling: UInt32 = 0, name: String? = nil, project: CloudProject? = nil
  ) {
    self.purpose = purpose
    self.handling = handling
    self.name = name
    self.project = project
  }
}

/// What was read around one place of a finding.
package struct PlacedContext: Sendable {
  package let context: Context
  /// The position of the target, and the path from its root.
  package let target: Int
  package let path: ForeignText
  /// It is there now, and not only in history.
  package let isPresent: Bool

  package init(context: Context, target: Int, path: ForeignText, isPresent: Bool) {
    self.context = context
    self.target = target
    self.path = path
    self.isPresent = isPresent
  }
}

/// A Google Cloud project, by what is known of it.
package struct CloudProject: Hashable, Sendable {
  /// Its number, which nobody chooses: 6 to 14 digits.
  package var number: String?
  /// Its id, which somebody chose: small letters, digits and `-`, 6 to 30 bytes.
  package var id: String?

  /// A project of which a number or an id is known; `nil` if neither is.
  package init?(number: String?, id: String?) {
    if number == nil, id == nil { return nil }
    self.number = number
    self.id = id
  }
}

extension CloudProject {
  /// The project as people name it: `my-app (123456789012)`.
  package var words: String {
    switch (id, number) {
    case (let id?, let number?): "\(id) (\(number))"
    case (let id?, nil): id
    case (nil, let number?): number
    case (nil, nil): ""
    }
  }
}

/// The findings that belong to one Google Cloud project.
package struct ProjectGroup: Equatable, Sendable {
  package var project: CloudProject
  /// In the order of the report; two at least.
  package var findings: [Fingerprint]
  /// What they open together, a few words each.
  package var opens: [String]

  package init(project: CloudProject, findings: [Fingerprint], opens: [String]) {
    self.project = project
    self.findings = findings
    self.opens = opens
  }
}

/// How a finding stands to other places, other findings and its own past.
package struct Relation: Equatable, Sendable {
  package let kind: Kind
  /// In one sentence without its end.
  package let reason: ForeignText
  /// The findings that it relates to.
  package let others: [Fingerprint]

  /// What reports call it.
  package enum Kind: String, CaseIterable, Sendable {
    /// Files of development and of production hold the same secret.
    case sharedEnvironments = "shared-environments"
    /// It was replaced at one place, and still stands at another.
    case staleCopy = "stale-copy"
    /// It has stood there for more than 90 days.
    case old
    /// HEAD holds it no more, history does.
    case onlyInHistory = "only-in-history"
    /// The two names that Gemini's SDKs read have different values in one file.
    case twoNames = "two-names"
    /// It stands in the query of an address.
    case inURL = "in-url"
    /// It is sent as a bearer token, which a key is not.
    case asBearer = "as-bearer"
    /// It stands beside an address without encryption.
    case plainHTTP = "plain-http"
    /// It stands beside a switch that turns the check of certificates off.
    case unverifiedTLS = "unverified-tls"
    /// It is written to a log, or stands in one.
    case logged
    /// It stands beside the address of somebody else who passes requests on.
    case relay
  }

  package init(_ kind: Kind, _ reason: ForeignText, others: [Fingerprint] = []) {
    self.kind = kind
    self.reason = reason
    self.others = others
  }
}
