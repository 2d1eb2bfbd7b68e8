import Foundation
import GRDB

/// Writes and reads the tables of a run.
struct TableRows {
  let run: Int64
  let database: Database

  /// A later table of the same split, name and step replaces the earlier one.
  func write(_ tables: [StoredTable]) throws {
    guard !tables.isEmpty else { return }
    let insertion = try database.cachedStatement(
      sql: """
        INSERT OR REPLACE INTO metric_tables
          (run, split, name, step, epoch, row_axis, column_axis, row_names, column_names, cells)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """)
    for table in tables {
      try insertion.execute(arguments: [
        run, table.split, table.name, table.step, table.epoch, table.rowAxis, table.columnAxis,
        try Self.json(table.rows), try Self.json(table.columns), try Self.json(table.values),
      ])
    }
  }

  /// The newest of each split and name, or all of them; by split, name and step.
  func read(all: Bool) throws -> [StoredTable] {
    let rows = try Row.fetchAll(
      database,
      sql: """
        SELECT * FROM metric_tables AS t WHERE run = ?1 AND (?2 OR step = (
          SELECT max(step) FROM metric_tables WHERE run = ?1 AND split = t.split AND name = t.name))
        ORDER BY split, name, step
        """, arguments: [run, all])
    return try rows.map { row in
      try StoredTable(
        name: row.value("name"), split: row.value("split"), step: row.value("step"), epoch: row.value("epoch"),
        rowAxis: row.value("row_axis"), columnAxis: row.value("column_axis"),
        rows: Self.decoded(row.value("row_names")), columns: Self.decoded(row.value("column_names")),
        values: Self.decoded(row.value("cells")))
    }
  }

  /// Deletes what came after a step: a resumed run writes it again.
  static func forget(_ run: Int64, after step: Int, _ database: Database) throws {
    try database.execute(sql: "DELETE FROM metric_tables WHERE run = ? AND step > ?", arguments: [run, step])
  }

  private static func json(_ values: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: infinity, negativeInfinity: "-\(infinity)", nan: nan)
    return String(decoding: try encoder.encode(values), as: UTF8.self)
  }

  private static func decoded<Value: Decodable>(_ text: String) throws -> Value {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: infinity, negativeInfinity: "-\(infinity)", nan: nan)
    do {
      return try decoder.decode(Value.self, from: Data(text.utf8))
    } catch {
      throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "a table of a metric cannot be read: \(error)")
    }
  }

  private static let (infinity, nan) = ("infinity", "nan")
}

extension ExperimentStore {
  /// The newest table of each split and metric, by split and name.
  ///
  /// - Parameters:
  ///   - run: an id, a unique prefix of one, a name, or `last`.
  ///   - ofAllSteps: whether earlier ones are given, too, by step.
  /// - Returns: those that there are.
  /// - Throws: `StoreError`.
  public func tables(ofRun run: String, ofAllSteps: Bool = false) throws -> [StoredTable] {
    try read { database in
      try TableRows(run: self.number(matching: run, database), database: database).read(all: ofAllSteps)
    }
  }
}
