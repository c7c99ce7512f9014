import Archives
import Files
import TestSupport

/// A container that a program made for a test.
enum Made {
  /// What a Python program writes to standard output; `text` is its argument.
  static func python(_ program: String, _ text: String = "") throws -> [UInt8] {
    try bytes(Tool.run("/usr/bin/env", ["python3", "-c", program, text]))
  }

  /// What a shell's commands write to standard output, in a folder with `files`.
  static func shell(_ commands: String, _ files: [String: String]) throws -> [UInt8] {
    let folder = TemporaryFolder()
    for (name, text) in files { try folder.write(name, text) }
    return try bytes(Tool.shell(commands, in: folder.path))
  }

  private static func bytes(_ output: Tool.Output) throws -> [UInt8] {
    guard output.status == 0 else { throw Tool.Failure(description: output.errors) }
    return output.bytes
  }
}

/// What a container was found to hold.
struct Opened {
  var kind: ContainerKind?
  /// The entries by their names, as text.
  var entries: [String: String] = [:]
  var names: [String] = []
  /// What could not be read, by name; that of the container has none.
  var faults: [String: ContainerFault] = [:]

  init(_ bytes: [UInt8], named name: String = "a", _ limits: ContainerLimits = ContainerLimits()) {
    var budget = ContainerBudget(limits)
    read(bytes, Array(name.utf8), &budget)
  }

  private mutating func read(_ bytes: [UInt8], _ name: [UInt8], _ budget: inout ContainerBudget) {
    kind = ContainerKind(bytes.span)
    guard let kind else { return }
    do {
      var container = try Container(ByteBuffer(bytes), as: kind, name: name)
      while let entry = try container.next(&budget) {
        let name = String(decoding: entry.name, as: UTF8.self)
        names.append(name)
        let text = entry.bytes.array(0..<entry.bytes.count)
        entries[name] = String(decoding: text, as: UTF8.self)
        if let fault = entry.fault { faults[name] = fault }
      }
    } catch {
      faults[""] = error
    }
  }
}
