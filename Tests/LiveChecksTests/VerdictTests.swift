import Model
import Testing

struct VerdictTests {
  @Test func `only what is refused as not existing is dead`() {
    let dead = Verdict.Outcome.allCases.filter { $0.state == .dead }
    #expect(dead == [.invalid, .expired])
  }
}
