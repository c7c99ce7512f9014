internal import CSQLite
internal import Files

/// An SQLite database in memory, of which tables are read as text, and nothing is run.
///
/// The copy is read through SQLite itself and read-only: no journal, no lock, no file. Views,
/// triggers, virtual tables and computed columns are left alone.
struct Database: ~Copyable {
  /// A table's rows, one a line: `name: value`, and a tab before the next.
  struct Table {
    let name: [UInt8]
    var text: [UInt8] = []
    var fault: ContainerFault?
  }

  private let connection: Connection
  private var tables: [[UInt8]]

  init(_ bytes: borrowing ByteBuffer) throws(ContainerFault) {
    let connection = try Connection(bytes.bytes)
    // The last is the first to be read.
    let tables = try connection.names(
      "SELECT name FROM sqlite_schema WHERE type = 'table' AND rootpage > 0 ORDER BY name DESC")
    self.tables = tables
    self.connection = connection
  }

  /// The next table, up to `limit` bytes of it; `nil` after the last.
  mutating func next(limit: Int) throws(ContainerFault) -> Table? {
    guard let name = tables.popLast() else { return nil }
    var table = Table(name: name)
    do throws(ContainerFault) {
      try read(&table, limit: limit)
    } catch {
      table.fault = error
    }
    return table
  }

  private func read(_ table: inout Table, limit: Int) throws(ContainerFault) {
    let quoted = Self.quoted(table.name)
    let columns = try connection.names(
      "SELECT name FROM pragma_table_xinfo(\(Self.literal(table.name))) WHERE hidden = 0")
    if columns.isEmpty { return }
    let list = columns.map { Self.quoted($0) }.joined(separator: ", ")
    let statement = try connection.ask("SELECT \(list) FROM main.\(quoted)")
    while try connection.step(statement) {
      for (i, column) in columns.enumerated() {
        guard let value = statement.value(Int32(i)) else { continue }
        if let last = table.text.last, last != 0x0A { table.text.append(UInt8(ascii: "\t")) }
        table.text += column + [UInt8(ascii: ":"), UInt8(ascii: " ")] + value
      }
      table.text.append(0x0A)
      if table.text.count > limit {
        table.text.removeLast(table.text.count - limit)
        throw ContainerFault(.limit, "it holds more than may be unpacked of its file")
      }
    }
  }

  private static func quoted(_ name: [UInt8]) -> String { quoted(name, by: "\"") }

  private static func literal(_ name: [UInt8]) -> String { quoted(name, by: "'") }

  private static func quoted(_ name: [UInt8], by mark: Character) -> String {
    let parts = String(decoding: name, as: UTF8.self)
      .split(separator: mark, omittingEmptySubsequences: false)
    return "\(mark)\(parts.joined(separator: "\(mark)\(mark)"))\(mark)"
  }
}

/// An open database, its bytes, and how long it may work on one question.
@safe
private struct Connection: ~Copyable {
  private let handle: OpaquePointer
  private let content: UnsafeMutablePointer<UInt8>
  /// How many steps of SQLite's machine the question at hand may still take, by ``stepSize``.
  private let steps: UnsafeMutablePointer<Int>
  private let isOpen: Bool

  private static let mostSteps = 2_000
  private static let stepSize: Int32 = 100_000
  /// The largest value that is read.
  private static let largestValue: Int32 = 64 << 20

  init(_ bytes: Span<UInt8>) throws(ContainerFault) {
    var opened: OpaquePointer?
    let status = unsafe sqlite3_open_v2(
      ":memory:", &opened, SQLITE_OPEN_READWRITE | SQLITE_OPEN_MEMORY | SQLITE_OPEN_NOMUTEX, nil)
    guard status == SQLITE_OK, let handle = unsafe opened else {
      unsafe sqlite3_close_v2(opened)
      throw .noMemory
    }
    let count = bytes.count
    let copy = UnsafeMutablePointer<UInt8>.allocate(capacity: max(1, count))
    unsafe bytes.withUnsafeBufferPointer { source in
      if let start = source.baseAddress {
        unsafe copy.initialize(from: start, count: count)
      }
    }
    // A write-ahead log is a file of its own, which is not here: what it holds is not in this one.
    if count > 19 { unsafe (copy[18], copy[19]) = (1, 1) }
    unsafe content = copy
    unsafe steps = UnsafeMutablePointer<Int>.allocate(capacity: 1)
    unsafe steps.initialize(to: Self.mostSteps)
    unsafe sqlite3_progress_handler(
      handle, Self.stepSize,
      { context in
        guard let left = unsafe context?.assumingMemoryBound(to: Int.self) else { return 1 }
        unsafe left.pointee -= 1
        return unsafe left.pointee > 0 ? 0 : 1
      }, steps)
    unsafe keyscan_sqlite_distrust(handle)
    unsafe sqlite3_limit(handle, SQLITE_LIMIT_LENGTH, Self.largestValue)
    unsafe sqlite3_limit(handle, SQLITE_LIMIT_ATTACHED, 0)
    isOpen =
      unsafe sqlite3_deserialize(
        handle, "main", copy, sqlite3_int64(count), sqlite3_int64(count),
        UInt32(SQLITE_DESERIALIZE_READONLY)) == SQLITE_OK
    unsafe self.handle = handle
  }

  deinit {
    unsafe sqlite3_close_v2(handle)
    unsafe content.deallocate()
    unsafe steps.deallocate()
  }

  func ask(_ question: String) throws(ContainerFault) -> Statement {
    guard isOpen else { throw fault }
    unsafe steps.pointee = Self.mostSteps
    var made: OpaquePointer?
    let status = unsafe sqlite3_prepare_v2(handle, question, -1, &made, nil)
    guard status == SQLITE_OK, let statement = unsafe made else { throw fault }
    return unsafe Statement(owning: statement)
  }

  /// Moves on to the next row; `false` after the last.
  func step(_ statement: borrowing Statement) throws(ContainerFault) -> Bool {
    switch statement.step() {
    case SQLITE_ROW: return true
    case SQLITE_DONE: return false
    case SQLITE_INTERRUPT: throw ContainerFault(.limit, "reading it takes too long")
    default: throw fault
    }
  }

  /// The values of a question's first column.
  func names(_ question: String) throws(ContainerFault) -> [[UInt8]] {
    let statement = try ask(question)
    var names: [[UInt8]] = []
    while try step(statement) { names.append(statement.value(0) ?? []) }
    return names
  }

  private var fault: ContainerFault {
    let text = unsafe sqlite3_errmsg(handle).map { unsafe String(cString: $0) } ?? ""
    // What is encrypted begins otherwise, but for its name.
    let isNone = unsafe sqlite3_errcode(handle) == SQLITE_NOTADB
    return ContainerFault(.damaged, "it is damaged\(isNone ? " or encrypted" : "") (\(text))")
  }
}

/// A question to a database.
@safe
private struct Statement: ~Copyable {
  private let handle: OpaquePointer

  init(owning handle: OpaquePointer) {
    unsafe self.handle = handle
  }

  deinit {
    unsafe sqlite3_finalize(handle)
  }

  func step() -> Int32 { unsafe sqlite3_step(handle) }

  /// A value of the row at hand as it would be written; `nil` for none.
  func value(_ column: Int32) -> [UInt8]? {
    let bytes: UnsafeRawPointer?
    switch unsafe sqlite3_column_type(handle, column) {
    case SQLITE_NULL: return nil
    case SQLITE_BLOB: unsafe bytes = sqlite3_column_blob(handle, column)
    // Also of a number, and in UTF-8 whatever the database is written in.
    default: unsafe bytes = UnsafeRawPointer(sqlite3_column_text(handle, column))
    }
    let count = unsafe Int(sqlite3_column_bytes(handle, column))
    guard let bytes = unsafe bytes, count > 0 else { return [] }
    return unsafe [UInt8](UnsafeRawBufferPointer(start: bytes, count: count))
  }
}
