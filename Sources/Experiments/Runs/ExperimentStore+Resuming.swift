import GRDB

extension ExperimentStore {
  /// Takes up a run again after the checkpoint at a step: later points and checkpoints are deleted, to be made again.
  ///
  /// - Parameters:
  ///   - run: an id, a unique prefix of one, a name, or `last`.
  ///   - step: of the checkpoint that the trainer goes on from; nil to start over.
  ///   - update: the recipe from here on, and what was changed of it; nil to leave it.
  ///   - owner: the process that trains it now.
  ///   - keepsAllCheckpoints: whether none is dropped; otherwise the last two and the best are kept.
  ///   - evenIfActive: for a run whose process, on a host that is gone, can no longer be asked.
  /// - Returns: what records the run.
  /// - Throws: `StoreError`; `activeRun` when a process trains the run, `unknownCheckpoint` for a step without one.
  public func resume(
    run: String, after step: Int?, as update: RunUpdate? = nil, owner: ProcessIdentity = .current(),
    keepsAllCheckpoints: Bool = false,
    evenIfActive: Bool = false
  ) throws -> RunRecorder {
    let record = try write { database in
      let number = try self.number(matching: run, database)
      if !evenIfActive { try self.requireInactive(number, database) }
      let steps = try Int.fetchAll(
        database, sql: "SELECT step FROM checkpoints WHERE run = ? ORDER BY step", arguments: [number])
      if let step, !steps.contains(step) {
        throw StoreError(.unknownCheckpoint(run: run, wanted: "step-\(step)", steps: steps), path: path)
      }
      try CheckpointTable.forget(number, after: step, database)
      try MetricWriter.forget(number, after: step ?? Int.min, database)
      try TableRows.forget(number, after: step ?? Int.min, database)
      try database.execute(
        sql: """
          UPDATE runs SET status = 'running', stop_reason = NULL, finished = NULL, steps = :step,
            epochs = coalesce((SELECT epoch FROM checkpoints WHERE run = :run AND step = :step), 0),
            owner_host = :host, owner_boot = :boot, owner_process = :process, owner_start = :start
          WHERE number = :run
          """,
        arguments: [
          "step": step ?? 0, "run": number, "host": owner.host, "boot": owner.bootID, "process": owner.processID,
          "start": owner.startTime,
        ])
      if let update { try self.update(number, to: update, after: step ?? 0, database) }
      return try self.record(number, database)
    }
    return RunRecorder(run: record, store: self, keepsAllCheckpoints: keepsAllCheckpoints)
  }
}
