import Dotenv
import Files
import Git
import Model
import Scanning

/// `keyscan env --fix`: shows what mends the files, asks, and does it.
struct EnvFix {
  let repair: EnvRepair
  let place: EnvPlace
  let console: Console
  /// Does it without asking.
  let isAgreed: Bool

  /// How it ended.
  enum Ending {
    /// Everything was done.
    case done
    /// There was nothing to do, or nobody agreed.
    case left
    /// It cannot be done without losing something, and nothing was.
    case refused
  }

  func run(_ redactor: inout Redactor) throws -> Ending {
    for leftover in repair.leftovers { say("not mended: \(redactor.redact(leftover).visible)") }
    guard repair.refusals.isEmpty else {
      for refusal in repair.refusals {
        console.note("--fix changes nothing: \(redactor.redact(refusal).visible)")
      }
      return .refused
    }
    if repair.isEmpty {
      say("there is nothing that --fix mends")
      return .left
    }
    let undo = repair.undo(from: place.root)
    // A command that is masked would not undo anything.
    guard undo.allSatisfy({ redactor.redact($0) == $0 }) else {
      console.note("--fix changes nothing: a path holds a secret; give the file another name first")
      return .refused
    }
    say("this is to be done:")
    for line in repair.plan { write("  \(redactor.redact(line).visible)") }
    guard try isConfirmed() else { return .left }
    do throws(EnvRepairError) {
      try repair.perform()
    } catch {
      console.note("--fix: \(redactor.redact(error.message).visible)")
      return .refused
    }
    say("done; these commands undo it:")
    for line in undo { write("  \(line.visible)") }
    say("commit it, the ignore files too; the commits that are there keep what was in them,")
    say("so replace every secret in a file that was ever pushed")
    return .done
  }

  private func isConfirmed() throws -> Bool {
    if isAgreed { return true }
    guard StandardStream.input.isTerminal, StandardStream.output.isTerminal else {
      say("nothing was changed: there is nobody to ask; --yes does it")
      return false
    }
    try StandardStream.output.write("keyscan: do this? [y/N] ")
    let answer = readLine()?.lowercased() ?? ""
    if ["y", "yes"].contains(answer) { return true }
    say("nothing was changed")
    return false
  }

  private func say(_ text: String) { write("keyscan: \(text)") }

  private func write(_ line: String) {
    // A terminal that is gone is no reason to stop halfway.
    try? StandardStream.output.write("\(line)\n")
  }
}
