import GRDB

extension ExperimentStore {
  /// What was changed of the run's recipe when it was resumed, in order.
  ///
  /// - Parameter run: an id, a unique prefix of one, a name, or `last`.
  /// - Returns: none for a run that was trained as it was begun.
  /// - Throws: `StoreError`.
  public func changes(ofRun run: String) throws -> [RunChange] {
    try read { database in
      let rows = try Row.fetchAll(
        database, sql: "SELECT step, path, old, new FROM run_changes WHERE run = ? ORDER BY position",
        arguments: [self.number(matching: run, database)])
      return try rows.map { row in
        try RunChange(step: row.value(0), path: row.value(1), old: row.value(2), new: row.value(3))
      }
    }
  }

  /// Replaces the recipe of a run and all that follows from it, and notes what was changed. Changes that were made after
  /// the step are forgotten with what was trained then.
  func update(_ run: Int64, to update: RunUpdate, after step: Int, _ database: Database) throws {
    try database.execute(sql: "DELETE FROM run_changes WHERE run = ? AND step > ?", arguments: [run, step])
    let first = try Int.fetchOne(
      database, sql: "SELECT coalesce(max(position) + 1, 0) FROM run_changes WHERE run = ?", arguments: [run])
    for (position, change) in update.changes.enumerated() {
      try database.execute(
        sql: "INSERT INTO run_changes (run, position, step, path, old, new) VALUES (?, ?, ?, ?, ?, ?)",
        arguments: [run, (first ?? 0) + position, change.step, change.path, change.old, change.new])
    }
    try database.execute(
      sql: "UPDATE run_recipes SET recipe = ? WHERE run = ?", arguments: [update.run.recipeYAML, run])
    try database.execute(
      sql: "UPDATE runs SET threads = ?, backend = ? WHERE number = ?",
      arguments: [update.run.threads, update.run.backend, run])
    try database.execute(sql: "DELETE FROM run_components WHERE run = ?", arguments: [run])
    try Self.insert(update.run.components, run, database)
  }
}
