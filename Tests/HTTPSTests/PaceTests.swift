import LiveChecks
import Testing

@testable import HTTPS

@Suite struct PaceTests {
  @Test func `no second sees more than its number of beginnings`() async throws {
    let clock = LeapingClock()
    let lane = Lane(Pace(concurrency: 2, perSecond: 10), Timepiece(clock))
    var starts: [Duration] = []
    for _ in 0..<35 {
      try await lane.enter()
      starts.append(clock.now.offset)
      await lane.leave()
    }
    #expect(
      starts == (0..<35).map { Duration.seconds($0 / 10) })
  }

  @Test func `a window slides`() async throws {
    let clock = LeapingClock()
    let lane = Lane(Pace(concurrency: 1, perSecond: 2), Timepiece(clock))
    var starts: [Duration] = []
    for wait in [0, 700, 0, 0, 5000, 0, 0] {
      try await clock.sleep(for: .milliseconds(wait))
      try await lane.enter()
      starts.append(clock.now.offset)
      await lane.leave()
    }
    #expect(
      starts == [0, 700, 1000, 1700, 6700, 6700, 7700].map { Duration.milliseconds($0) })
  }

  @Test func `who waits comes in turn, and who gives up is passed by`() async throws {
    let lane = Lane(Pace(concurrency: 1, perSecond: 1000), Timepiece(LeapingClock()))
    try await lane.enter()
    let (order, entered) = AsyncStream.makeStream(of: Int.self)
    var tasks: [Task<CheckFailure?, Never>] = []
    for number in 0..<5 {
      tasks.append(
        Task {
          do throws(CheckFailure) {
            try await lane.enter()
          } catch {
            return error
          }
          entered.yield(number)
          await lane.leave()
          return nil
        })
      // It stands in the queue before the next one comes.
      while await lane.length <= number { await Task.yield() }
    }
    tasks[1].cancel()
    tasks[3].cancel()
    #expect(await tasks[1].value == .interrupted)
    #expect(await tasks[3].value == .interrupted)
    await lane.leave()
    for number in [0, 2, 4] { #expect(await tasks[number].value == nil) }
    entered.finish()
    #expect(await order.reduce(into: []) { $0.append($1) } == [0, 2, 4])
    // All places are free again.
    try await lane.enter()
  }

  @Test func `who is interrupted while the pace holds it back leaves its place`() async throws {
    let lane = Lane(Pace(concurrency: 1, perSecond: 1), Timepiece(ContinuousClock()))
    try await lane.enter()
    await lane.leave()
    let task = Task { () -> CheckFailure? in
      do throws(CheckFailure) {
        try await lane.enter()
        return nil
      } catch {
        return error
      }
    }
    task.cancel()
    #expect(await task.value == .interrupted)
    #expect(await lane.isFree)
  }

  @Test(
    arguments: [
      (429, nil, 1), (500, nil, 1), (502, nil, 1), (503, nil, 1), (504, nil, 1),
      (429, "0", 0), (429, "7", 7), (503, " 30 ", 30), (429, "31", nil), (429, "3600", nil),
      (429, "99999999999999999999", nil), (429, "soon", 1), (429, "-5", 1), (429, "1.5", 1),
      (200, "5", nil), (301, "5", nil), (400, nil, nil), (403, nil, nil), (501, nil, nil),
      (429, "Sun, 06 Nov 1994 08:49:47 GMT", 10), (429, "Sunday, 06-Nov-94 08:49:47 GMT", 10),
      (429, "Sun Nov  6 08:49:47 1994", 10), (429, "Sun, 06 Nov 1994 08:49:07 GMT", 0),
      (429, "Sun, 06 Nov 1994 09:49:37 GMT", nil), (429, "Sun, 06 Nov 1994 08:49:61 GMT", 1),
      (429, "Sun, 06 Nix 1994 08:49:47 GMT", 1),
    ] as [(Int, String?, Int?)])
  func `a busy provider says when to come again`(
    _ status: Int, _ header: String?, _ seconds: Int?
  ) {
    var headers = ["date": "Sun, 06 Nov 1994 08:49:37 GMT"]
    headers["retry-after"] = header
    #expect(RetryAfter.seconds(CheckAnswer(status: status, headers: headers, body: [])) == seconds)
  }

  @Test func `without the provider's own time a date says nothing`() {
    let headers = ["retry-after": "Sun, 06 Nov 1994 08:49:37 GMT"]
    #expect(RetryAfter.seconds(CheckAnswer(status: 429, headers: headers, body: [])) == 1)
  }

  @Test(arguments: [
    ("Thu, 01 Jan 1970 00:00:00 GMT", 0), ("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_777),
    ("Tue, 29 Feb 2000 12:00:00 GMT", 951_825_600),
    ("Wed, 31 Dec 2098 23:59:59 GMT", 4_070_908_799),
    ("Sunday, 06-Nov-94 08:49:37 GMT", 784_111_777), ("Sun Nov  6 08:49:37 1994", 784_111_777),
  ])
  func `dates are read`(_ text: String, _ seconds: Int) {
    #expect(HTTPDate.seconds(text) == seconds)
  }
}
