internal import LiveChecks

/// When a provider that is too busy may be asked once more.
enum RetryAfter {
  /// Longer than this nobody waits; the answer then stays what it is.
  static let longest = 30

  /// For how many seconds to wait before asking again; `nil` if there is no point in it.
  static func seconds(_ answer: CheckAnswer) -> Int? {
    guard [429, 500, 502, 503, 504].contains(answer.status) else { return nil }
    let wait = requested(answer.headers) ?? 1
    return wait <= longest ? wait : nil
  }

  /// What the header says, in seconds; `nil` if it is missing or says nothing that can be read.
  private static func requested(_ headers: [String: String]) -> Int? {
    guard let text = headers["retry-after"] else { return nil }
    let digits = text.trimming { $0 == " " || $0 == "\t" }
    if !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
      return Int(digits) ?? .max
    }
    // A date is held against the provider's own clock, since that of this machine may be wrong.
    guard let until = HTTPDate.seconds(text), let now = headers["date"].flatMap(HTTPDate.seconds)
    else { return nil }
    return max(0, until - now)
  }
}

extension String {
  fileprivate func trimming(_ isDropped: (Character) -> Bool) -> Substring {
    var rest = drop(while: isDropped)
    while let last = rest.last, isDropped(last) { rest.removeLast() }
    return rest
  }
}

/// The three ways in which HTTP writes a moment.
enum HTTPDate {
  /// Seconds since 1970; `nil` if `text` is no date.
  static func seconds(_ text: String) -> Int? {
    let words = text.split { " ,-:".contains($0) }
    if words.count == 8, words[7] == "GMT" {
      // Sun, 06 Nov 1994 08:49:37 GMT; Sunday, 06-Nov-94 08:49:37 GMT
      return seconds(
        year: words[3], month: words[2], day: words[1], time: words[4...6])
    }
    if words.count == 7 {
      // Sun Nov  6 08:49:37 1994
      return seconds(
        year: words[6], month: words[1], day: words[2], time: words[3...5])
    }
    return nil
  }

  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  private static func seconds(
    year: Substring, month: Substring, day: Substring, time: ArraySlice<Substring>
  ) -> Int? {
    let numbers = ([year, day] + time).compactMap { text in
      text.utf8.count <= 4 && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
        ? Int(text) : nil
    }
    guard numbers.count == 5, let month = months.firstIndex(of: String(month)),
      (1...31).contains(numbers[1]), numbers[2] < 24, numbers[3] < 60, numbers[4] <= 60
    else { return nil }
    // Two digits are of the old way, whose century nobody says.
    let year = year.utf8.count == 2 ? numbers[0] + (numbers[0] < 70 ? 2000 : 1900) : numbers[0]
    let days = days(year: year, month: month + 1, day: numbers[1])
    return ((days * 24 + numbers[2]) * 60 + numbers[3]) * 60 + numbers[4]
  }

  /// Days since 1970 in the Gregorian calendar; years begin in March, so that leap days end them.
  private static func days(year: Int, month: Int, day: Int) -> Int {
    let year = month <= 2 ? year - 1 : year
    let era = year / 400
    let yearOfEra = year % 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
  }
}
