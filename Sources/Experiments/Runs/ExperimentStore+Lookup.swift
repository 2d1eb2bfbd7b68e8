import GRDB
import Registry

extension ExperimentStore {
  /// The run that a user means: by its id, `last`, its name (the newest of that name), or a unique prefix of its id.
  /// - Throws: `StoreError`, with the nearest names for an unknown one and the candidates for an ambiguous prefix.
  public func run(matching text: String) throws -> RunRecord {
    try read { database in
      try self.record(self.number(matching: text, database), database)
    }
  }

  func number(matching text: String, _ database: Database) throws -> Int64 {
    if let exact = try Int64.fetchOne(database, sql: "SELECT number FROM runs WHERE id = ?", arguments: [text]) {
      return exact
    }
    if text == "last",
      let newest = try Int64.fetchOne(database, sql: "SELECT number FROM runs ORDER BY number DESC LIMIT 1")
    {
      return newest
    }
    let named = try Int64.fetchOne(
      database, sql: "SELECT number FROM runs WHERE name = ? ORDER BY number DESC LIMIT 1", arguments: [text])
    if let named { return named }
    let begun = try Row.fetchAll(
      database, sql: "SELECT number, id FROM runs WHERE id >= ? AND substr(id, 1, ?) = ? ORDER BY id LIMIT 100",
      arguments: [text, text.unicodeScalars.count, text])
    if let only = begun.first, begun.count == 1, !text.isEmpty { return try only.value("number") }
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
    let ids = try String.fetchAll(database, sql: "SELECT id FROM runs ORDER BY number DESC LIMIT 1000")
    let near = nearest(to: text, among: names + ids, limit: 3)
    return StoreError(.unknownRun(text, nearest: near, newest: Array(ids.prefix(3))), path: path)
  }
}
