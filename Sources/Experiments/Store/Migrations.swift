import GRDB

/// The numbered steps that make a store; only ever appended to, in plain SQL, blind to today's code.
enum Migrations {
  struct Migration: Sendable {
    let name: String
    let sql: String
  }

  static let all = [
    Migration(name: "1-runs", sql: createRuns),
    Migration(name: "2-checkpoints", sql: createCheckpoints),
    Migration(name: "3-trials-findings-plans", sql: createTrialsFindingsPlans),
    Migration(name: "4-metric-directions", sql: addMetricDirections),
    Migration(name: "5-metric-tables", sql: createMetricTables),
    Migration(name: "6-groups", sql: createGroups),
    Migration(name: "7-plans-by-rule", sql: letPlansBeByRule),
    Migration(name: "8-notes", sql: addNotes),
    Migration(name: "9-run-changes", sql: addRunChanges),
  ]

  /// "FLDG": tells a store from other SQLite files.
  static let applicationID = 0x464C_4447

  /// What a file is, before anything is done to it.
  enum State {
    case empty
    case foreign
    case newer(migration: String)
    case older(missing: String)
    case current
  }

  static func state(of database: Database) throws -> State {
    guard try database.tableExists("grdb_migrations") else {
      let objects = try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_master") ?? 0
      return objects == 0 ? .empty : .foreign
    }
    let applied = try String.fetchAll(database, sql: "SELECT identifier FROM grdb_migrations")
    let known = all.map(\.name)
    if try Int.fetchOne(database, sql: "PRAGMA application_id") != applicationID {
      // Killed between the first table of the migrator and the first migration, which sets the mark.
      return applied.isEmpty ? .empty : .foreign
    }
    if let unknown = applied.first(where: { !known.contains($0) }) { return .newer(migration: unknown) }
    if let missing = known.first(where: { !applied.contains($0) }) { return .older(missing: missing) }
    return .current
  }

  /// - Throws: `StoreError` for another program's database and for a store of a newer Fledge.
  static func requireKnown(_ database: Database, path: String) throws -> State {
    let state = try state(of: database)
    switch state {
    case .foreign: throw StoreError(.foreignDatabase, path: path)
    case .newer(let migration): throw StoreError(.newerVersion(migration: migration), path: path)
    case .empty, .older, .current: return state
    }
  }

  /// Runs what is missing, each step in a transaction of its own together with the note that it ran.
  ///
  /// A current store is not written to: it opens on a full disk, too.
  static func bringUpToDate(_ queue: DatabaseQueue) throws {
    if case .current = try queue.read(state) { return }
    var migrator = DatabaseMigrator()
    for migration in all {
      migrator.registerMigration(migration.name) { database in
        try database.execute(sql: migration.sql)
      }
    }
    try migrator.migrate(queue)
  }
}
