import Git
import History
import Inputs
import Scanning
import Store

/// What can be begun before the rules are at hand.
struct Prepared {
  let plan: Plan
  let console: Console
  /// What is found out of each history of the plan meanwhile.
  let histories: [Task<HistoryPreparation, Never>]
  /// Makes the tags of secrets: the same ones in all runs whose results are kept.
  let tagger: SecretTagger

  /// Begins to find out what is to be read of each history.
  ///
  /// `edition` is that of the rules; `nil` if nothing may be kept of what they find.
  init(_ plan: Plan, edition: [UInt8]?, _ console: Console) {
    self.plan = plan
    self.console = console
    let key = edition == nil || plan.histories.isEmpty ? nil : Self.key(console)
    let tagger = key.map { SecretTagger(key: $0.key(for: "secret tags")) } ?? SecretTagger()
    self.tagger = tagger
    let indexed = (plan.trees + plan.partTrees).flatMap { $0.index.entries.map(\.id) }
    let jobs = console.settings.jobs
    let usesPacks = console.settings.engine == .sweep
    histories = plan.histories.map { work in
      let store = Self.store(for: work.location, edition: edition, key, console)
      return Task.detached {
        await HistoryPreparation(
          of: work, usesPacks: usesPacks, indexed: indexed, store: store, taggedBy: tagger,
          jobs: jobs)
      }
    }
  }

  /// The key that seals what is kept between runs; `nil` if nothing may be.
  private static func key(_ console: Console) -> SealKey? {
    if console.settings.noCache { return nil }
    do throws(StoreError) {
      return try SealKey.ofUser()
    } catch {
      console.detail("nothing is kept between runs: \(error)")
      return nil
    }
  }

  /// Where what was read of a repository is kept, if it may be.
  private static func store(
    for location: RepositoryLocation, edition: [UInt8]?, _ key: SealKey?, _ console: Console
  ) -> Store? {
    guard let edition, let key else { return nil }
    do throws(StoreError) {
      return try Store(for: location, edition: edition, key: key)
    } catch {
      console.detail("nothing is kept between runs: \(error)")
      return nil
    }
  }
}
