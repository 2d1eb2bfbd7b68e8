import GRDB
import Registry

/// Names: runs and groups share one namespace.
///
/// A text means what has it as its id; `last`, the newest run; the newest run or the group of that name; or what has the
/// only id that begins with it.
extension ExperimentStore {
  /// The run that a user means.
  /// - Throws: `StoreError`, with the nearest names for an unknown one and the candidates for an ambiguous prefix;
  ///   `groupAsRun` for a group.
  public func run(matching text: String) throws -> RunRecord {
    try read { database in
      try self.record(self.number(matching: text, database), database)
    }
  }

  /// The group that a user means.
  /// - Throws: `StoreError`, as `run(matching:)`; `runAsGroup` for a run.
  public func group(matching text: String) throws -> GroupRecord {
    try read { database in
      try self.groupRecord(self.groupNumber(matching: text, database), database)
    }
  }

  /// The run or group that a user means.
  /// - Throws: `StoreError`, as `run(matching:)`.
  public func entry(matching text: String) throws -> StoreEntry {
    try read { database in
      switch try self.find(text, database) {
      case .run(let number): .run(try self.record(number, database))
      case .group(let number): .group(try self.groupRecord(number, database))
      }
    }
  }

  func number(matching text: String, _ database: Database) throws -> Int64 {
    switch try find(text, database) {
    case .run(let number): return number
    case .group(let number):
      let members = try groupRecord(number, database).members.map { $0.runName ?? $0.runID }
      throw StoreError(.groupAsRun(text, members: members), path: path)
    }
  }

  func groupNumber(matching text: String, _ database: Database) throws -> Int64 {
    switch try find(text, database) {
    case .group(let number): return number
    case .run: throw StoreError(.runAsGroup(text), path: path)
    }
  }

  private enum Found {
    case run(Int64)
    case group(Int64)
  }

  private func find(_ text: String, _ database: Database) throws -> Found {
    func number(_ sql: String) throws -> Int64? {
      try Int64.fetchOne(database, sql: sql, arguments: StatementArguments(["text": text]))
    }
    if let exact = try number("SELECT number FROM runs WHERE id = :text") { return .run(exact) }
    if text == "last", let newest = try Int64.fetchOne(database, sql: "SELECT max(number) FROM runs") {
      return .run(newest)
    }
    if let group = try number("SELECT number FROM run_groups WHERE id = :text OR name = :text") { return .group(group) }
    if let named = try number("SELECT number FROM runs WHERE name = :text ORDER BY number DESC LIMIT 1") {
      return .run(named)
    }
    let begun = try Row.fetchAll(
      database,
      sql: """
        SELECT number, id, FALSE AS is_group FROM runs WHERE id >= :text AND substr(id, 1, :count) = :text
        UNION ALL
        SELECT number, id, TRUE FROM run_groups WHERE id >= :text AND substr(id, 1, :count) = :text
        ORDER BY id LIMIT 100
        """,
      arguments: ["text": text, "count": text.unicodeScalars.count])
    if let only = begun.first, begun.count == 1, !text.isEmpty {
      return try only.value("is_group") ? .group(only.value("number")) : .run(only.value("number"))
    }
    if begun.count > 1, !text.isEmpty {
      throw StoreError(.ambiguousRun(text, matches: try begun.map { try $0.value("id") }), path: path)
    }
    throw try unknown(text, database)
  }

  private func unknown(_ text: String, _ database: Database) throws -> StoreError {
    let names = try String.fetchAll(
      database,
      sql: """
        SELECT name FROM (SELECT name, max(number) AS newest FROM runs WHERE name IS NOT NULL GROUP BY name)
        ORDER BY newest DESC LIMIT 1000
        """)
    let groups = try String.fetchAll(
      database, sql: "SELECT name FROM run_groups ORDER BY number DESC LIMIT 1000")
    let ids = try String.fetchAll(database, sql: "SELECT id FROM runs ORDER BY number DESC LIMIT 1000")
    let near = nearest(to: text, among: groups + names + ids, limit: 3)
    return StoreError(.unknownRun(text, nearest: near, newest: Array(ids.prefix(3))), path: path)
  }
}
