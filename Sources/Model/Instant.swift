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

  /// Reads a day (`2026-11-21`, from its beginning in UTC), a moment as RFC 3339 writes it in UTC,
  /// or seconds since 1970 after an `@`; returns seconds since 1970, `nil` for anything else.
  package static func seconds(_ text: String) -> Int? {
    if text.hasPrefix("@") { return Int(text.dropFirst()) }
    let parts = text.split(separator: "T", omittingEmptySubsequences: false)
    guard let date = parts.first, parts.count <= 2 else { return nil }
    let numbers = date.split(separator: "-", omittingEmptySubsequences: false)
    guard numbers.count == 3, numbers[0].count == 4, numbers[1].count == 2, numbers[2].count == 2,
      let year = Int(numbers[0]), let month = Int(numbers[1]), let day = Int(numbers[2]),
      (1...12).contains(month), (1...31).contains(day)
    else { return nil }
    let midnight = 86_400 * days(year, month, day)
    guard parts.count == 2 else { return midnight }
    guard parts[1].hasSuffix("Z") else { return nil }
    let clock = parts[1].dropLast().split(separator: ":").compactMap { Int($0) }
    guard clock.count == 3, clock.allSatisfy({ (0...60).contains($0) }), clock[0] < 24 else {
      return nil
    }
    return midnight + 3600 * clock[0] + 60 * clock[1] + clock[2]
  }

  /// The last second of a day (`2026-11-21`, in UTC); `nil` for anything else.
  package static func endOfDay(_ text: String) -> Int? {
    text.contains("T") || text.hasPrefix("@") ? nil : seconds(text).map { $0 + 86_399 }
  }

  private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
    let (era, ofEra) = floored(month > 2 ? year : year - 1, 400)
    let ofYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    return era * 146_097 + ofEra * 365 + ofEra / 4 - ofEra / 100 + ofYear - 719_468
  }

  private static func floored(_ a: Int, _ b: Int) -> (quotient: Int, remainder: Int) {
    let (quotient, remainder) = a.quotientAndRemainder(dividingBy: b)
    return remainder < 0 ? (quotient - 1, remainder + b) : (quotient, remainder)
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
