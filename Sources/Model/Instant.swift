/// A moment as git counts it, in words.
package enum Instant {
  /// The day in UTC: `2026-11-21`.
  package static func day(_ seconds: Int) -> String {
    let (year, month, day) = civil(days: floored(seconds, 86_400).quotient)
    return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
  }

  /// The moment in UTC, as RFC 3339 writes it: `2026-11-21T12:00:00Z`.
  package static func text(_ seconds: Int) -> String {
    let rest = floored(seconds, 86_400).remainder
    let clock = [rest / 3600, rest / 60 % 60, rest % 60].map { padded($0, 2) }
    return "\(day(seconds))T\(clock.joined(separator: ":"))Z"
  }

  private static func floored(_ a: Int, _ b: Int) -> (quotient: Int, remainder: Int) {
    let remainder = (a % b + b) % b
    return ((a - remainder) / b, remainder)
  }

  /// The date of a day counted from 1970-01-01, in the proleptic Gregorian calendar.
  ///
  /// Years are counted from March, so that a leap day is the last of its year.
  private static func civil(days: Int) -> (year: Int, month: Int, day: Int) {
    let shifted = days + 719_468
    let (era, ofEra) = floored(shifted, 146_097)
    let year = (ofEra - ofEra / 1460 + ofEra / 36_524 - ofEra / 146_096) / 365
    let ofYear = ofEra - (365 * year + year / 4 - year / 100)
    let month = (5 * ofYear + 2) / 153
    let day = ofYear - (153 * month + 2) / 5 + 1
    let civil = month < 10 ? month + 3 : month - 9
    return (year + era * 400 + (civil <= 2 ? 1 : 0), civil, day)
  }

  private static func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}
