package import Model

/// A diagnosis as text for a person at a terminal, or as JSON.
package struct DiagnosisReport {
  private let diagnosis: Diagnosis

  package init(_ diagnosis: Diagnosis) {
    self.diagnosis = diagnosis
  }

  // MARK: Text

  /// The steps, numbered, and what to do first.
  package func text(usesColor: Bool, width: Int?) -> [UInt8] {
    let paint = Paint(isOn: usesColor)
    var lines = [
      paint.bold("Why a Gemini key may not work, seen from \(diagnosis.folder.shown)"), "",
    ]
    for (index, step) in diagnosis.steps.enumerated() {
      let number = "\(index + 1)"
      let margin = String(repeating: " ", count: number.count)
      lines.append("\(number). \(step.state.painted(paint)): \(paint.bold(step.title))")
      for seen in step.saw {
        lines += Wrapping.lines(
          seen.shown, first: "\(margin)  - ", indent: number.count + 4, width: width)
      }
      for action in step.toDo {
        switch action {
        case .advice(let advice):
          lines += Wrapping.lines(
            advice.shown, first: "\(margin)  \(paint.blue("=")) \(paint.bold("do")): ",
            indent: number.count + 8, width: width)
        // Not wrapped: it is to be copied.
        case .command(let command): lines.append("\(margin)        \(command.shown)")
        }
      }
      lines.append("")
    }
    lines += Wrapping.lines(verdict, first: "keyscan: ", indent: 9, width: width)
    return Array((lines.joined(separator: "\n") + "\n").utf8)
  }

  /// What came of it, in a sentence.
  private var verdict: String {
    func numbers(_ state: Diagnosis.State) -> String {
      let found = diagnosis.steps.enumerated().filter { $0.element.state == state }
      return found.map { "\($0.offset + 1)" }.joined(separator: ", ")
    }
    let faults = diagnosis.steps.count { $0.state == .fault }
    guard faults > 0 else {
      return "no fault was seen; the hints in \(numbers(.hint)) say what else it may be"
    }
    return "\(faults == 1 ? "a fault" : "faults") in \(numbers(.fault)); mend the first one first"
  }

  // MARK: JSON

  /// One object; `schema` is `keyscan.doctor/1`.
  package func json() -> [UInt8] {
    var json = JSONWriter(isIndented: true)
    json.object { json in
      json.value("schema", "keyscan.doctor/1")
      json.value("folder", diagnosis.folder)
      json.array("steps") { json in
        for step in diagnosis.steps {
          json.object { json in
            json.value("id", step.id)
            json.value("title", step.title)
            json.value("state", step.state.rawValue)
            json.texts("saw", step.saw)
            json.texts("do", step.toDo.map(\.text))
          }
        }
      }
      json.array("keys") { json in
        for key in diagnosis.keys {
          json.object { json in
            json.value("label", key.label)
            json.value("kind", key.kind)
            json.value("length", key.length)
            json.texts("sources", key.sources)
            json.texts("faults", key.faults)
          }
        }
      }
    }
    json.endLine()
    return json.bytes
  }
}

extension Diagnosis.State {
  /// The word for a state, in the colour of how much it matters.
  fileprivate func painted(_ paint: Paint) -> String {
    switch self {
    case .notLookedAt: rawValue
    case .ok: paint.green(rawValue)
    case .hint: paint.yellow(rawValue)
    case .fault: paint.red(rawValue)
    }
  }
}

extension JSONWriter {
  fileprivate mutating func texts(_ key: String, _ texts: [ForeignText]) {
    array(key) { json in for text in texts { json.value(nil, text) } }
  }
}
