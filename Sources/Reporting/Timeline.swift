internal import Model

/// When secrets came into history and were taken out of its files, counted by period.
///
/// A secret comes in with the first commit that holds it. It is out when, of every place it was
/// in, a commit on the way to HEAD took it away; when that was is the date of the last commit
/// that holds it, the nearest date that a report has.
struct Timeline: Equatable {
  /// What happened in one day, week, month or longer.
  struct Period: Equatable {
    /// Its first day: `2026-11-21`, `2026-11`, `2026`.
    let name: String
    /// How many secrets came in, by severity.
    var entered: [Severity: Int] = [:]
    /// How many secrets were taken out.
    var removed = 0
    /// How many are in files at its end.
    var standing = 0

    var allEntered: Int { entered.values.reduce(0, +) }
  }

  /// Every period from the first to the last date; empty if there is no date.
  let periods: [Period]
  /// How many secrets have a past whose dates are missing or cannot be true.
  let undated: Int

  /// Nothing that a commit says of an earlier or later time is believed.
  private static let plausible = 0..<4_102_444_800  // 1970 to 2099
  private static let mostPeriods = 60

  init(_ findings: [Finding]) {
    var stays: [Stay] = []
    var undated = 0
    for finding in findings where finding.places.contains(where: { $0.past != nil }) {
      if let stay = Stay(finding, plausible: Self.plausible) {
        stays.append(stay)
      } else {
        undated += 1
      }
    }
    self.undated = undated
    let times = stays.map(\.entered) + stays.compactMap(\.removed)
    guard let first = times.min(), let last = times.max() else {
      periods = []
      return
    }
    let unit =
      Unit.all.first { $0.number(of: last) - $0.number(of: first) < Self.mostPeriods }
      ?? .months(120)
    let start = unit.number(of: first)
    var periods = (start...unit.number(of: last)).map { Period(name: unit.name(of: $0)) }
    for stay in stays {
      periods[unit.number(of: stay.entered) - start].entered[stay.severity, default: 0] += 1
      if let removed = stay.removed { periods[unit.number(of: removed) - start].removed += 1 }
    }
    var standing = 0
    for i in periods.indices {
      standing += periods[i].allEntered - periods[i].removed
      periods[i].standing = standing
    }
    self.periods = periods
  }
}

/// How long one secret was in files, in seconds since 1970.
private struct Stay {
  let severity: Severity
  let entered: Int
  let removed: Int?

  init?(_ finding: Finding, plausible: Range<Int>) {
    let pasts = finding.places.compactMap(\.past)
    let firsts = pasts.compactMap { $0.first ?? $0.date }.filter(plausible.contains)
    guard let entered = firsts.min() else { return nil }
    severity = finding.severity
    self.entered = entered
    let isOut =
      finding.places.allSatisfy { $0.past?.removed != nil }
      && Set(finding.standsIn).isDisjoint(with: [.worktree, .index, .head])
    let lasts = pasts.compactMap { $0.last ?? $0.date }.filter(plausible.contains)
    removed = isOut ? max(entered, lasts.max() ?? entered) : nil
  }
}

/// What a period is.
private enum Unit {
  case days(Int)
  case months(Int)

  static let all: [Unit] = [.days(1), .days(7), .months(1), .months(3), .months(12), .months(60)]

  /// The number of the period that holds `seconds`, counted from some day long ago.
  func number(of seconds: Int) -> Int {
    switch self {
    // 1970 began on a Thursday, weeks begin on Mondays.
    case .days(let count): (seconds / 86_400 + (count == 7 ? 3 : 0)) / count
    case .months(let count): Self.month(of: seconds) / count
    }
  }

  func name(of number: Int) -> String {
    switch self {
    case .days(let count): return Instant.day(86_400 * (number * count - (count == 7 ? 3 : 0)))
    case .months(let count):
      let month = number * count
      let year = String(month / 12)
      if count >= 12 { return year }
      return "\(year)-\(month % 12 < 9 ? "0" : "")\(month % 12 + 1)"
    }
  }

  /// Months since the year 0; a plausible year has four digits.
  private static func month(of seconds: Int) -> Int {
    let parts = Instant.day(seconds).split(separator: "-").compactMap { Int($0) }
    return parts[0] * 12 + parts[1] - 1
  }
}
