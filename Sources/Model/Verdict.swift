/// What a provider said of a secret when it was asked.
package struct Verdict: Equatable, Sendable {
  package var outcome: Outcome
  /// In one sentence without its end; never a piece of an answer, which may repeat the secret.
  package var reason: String
  /// When the provider was asked, in seconds since 1970; `nil` if it was not.
  package var checkedAt: Int?
  /// What to do next, one step a sentence.
  package var toDo: [String]
  /// What was asked about besides whether it is alive.
  package var opens: [Opened] = []
  /// The project that the secret belongs to, as the answer names it.
  package var project: CloudProject?
  /// It was kept from an earlier run.
  package var isKept = false

  package init(
    _ outcome: Outcome, reason: String, checkedAt: Int? = nil, toDo: [String] = []
  ) {
    self.outcome = outcome
    self.reason = reason
    self.checkedAt = checkedAt
    self.toDo = toDo
  }

  /// Whether the secret is good for anything.
  package enum State: String, CaseIterable, Sendable {
    /// The provider knows it.
    case live
    /// The provider does not, or not any more.
    case dead
    /// The answer does not tell.
    case unknown
    /// Nobody was asked.
    case notChecked = "not-checked"
  }

  /// What an answer means; the names are those of the table in `docs/live-checks.md`.
  package enum Outcome: String, CaseIterable, Sendable {
    /// It is taken.
    case active
    /// It is taken, and lists its owner's files or kept contents.
    case activeWithData = "active-private-data"
    /// It is known, and restricted to other services, callers or rights.
    case restricted = "active-but-restricted"
    /// It is known, and the service that was asked is off in its project.
    case serviceDisabled = "valid-but-service-disabled"
    /// It is known, and its project lacks billing or is kept back by a policy.
    case unusableNow = "valid-but-unusable-now"
    /// It is known, and was used too often.
    case rateLimited = "rate-limited"
    /// It is probably good, elsewhere.
    case regionBlocked = "region-blocked"
    /// This type of key is refused; other services may take it.
    case refusedKeyType = "refused-key-type"
    /// It was found in public and is blocked at Gemini; other services may take it.
    case blockedAsLeaked = "blocked-as-leaked"
    /// Its account or project is suspended.
    case suspended
    /// Its project is gone or cannot be used.
    case projectUnusable = "project-unusable"
    /// It is refused as one that does not exist.
    case invalid
    case expired
    /// It was probably revoked.
    case invalidOrRevoked = "invalid-or-revoked"
    /// One service refuses it, and no second one could confirm that it is dead.
    case unconfirmed = "refused-not-confirmed"
    /// The address that was asked takes no such secrets.
    case inconclusive
    /// It is refused without a reason.
    case denied = "unknown-denied"
    /// What was sent was wrong, or what came back is not understood.
    case checkError = "unknown-check-error"
    /// No answer came through.
    case network = "unknown-network"
    /// A made-up secret was not refused as a dead one is, so no answer of this host tells anything.
    case untrusted = "unknown-no-control"
    /// Nobody was asked.
    case notChecked = "not-checked"
    /// It stands no longer where the report says, and was not asked about.
    case moved = "moved-not-checked"

    package var state: State {
      switch self {
      case .active, .activeWithData, .restricted, .serviceDisabled, .unusableNow, .rateLimited,
        .regionBlocked, .blockedAsLeaked, .suspended, .projectUnusable:
        .live
      case .invalid, .expired: .dead
      case .refusedKeyType, .invalidOrRevoked, .unconfirmed, .inconclusive, .denied, .checkError,
        .network, .untrusted:
        .unknown
      case .notChecked, .moved: .notChecked
      }
    }

    /// Somebody was to be asked, and whether it is alive is not known.
    package var isOpenQuestion: Bool { state == .unknown || self == .moved }
  }

  /// One service, and whether the secret opens it.
  package struct Opened: Equatable, Sendable {
    /// As people write it: `YouTube Data API`.
    package let service: String
    package let outcome: Outcome
    /// What was counted, such as `12 models`; `nil` if nothing.
    package let detail: String?

    package init(service: String, outcome: Outcome, detail: String? = nil) {
      self.service = service
      self.outcome = outcome
      self.detail = detail
    }
  }

  package var state: State { outcome.state }
}
