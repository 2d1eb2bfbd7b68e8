import GRDB
import Registry

extension ExperimentStore {
  /// Gives the run another name, or none.
  /// - Throws: `StoreError`; `nameOfGroup` for a name that a group has taken.
  public func rename(run: String, to name: String?) throws {
    try requireValidName(name)
    try write { database in
      let number = try self.number(matching: run, database)
      try self.requireFreeName(name, database)
      try database.execute(sql: "UPDATE runs SET name = ? WHERE number = ?", arguments: [name, number])
    }
  }

  /// Replaces the tags of the run.
  /// - Throws: `StoreError`.
  public func setTags(_ tags: [String], ofRun run: String) throws {
    try tags.forEach(requireValidTag)
    try write { database in
      let number = try self.number(matching: run, database)
      try database.execute(sql: "DELETE FROM run_tags WHERE run = ?", arguments: [number])
      try Self.insert(tags: tags, number, database)
    }
  }

  /// Puts tags on the run and takes others off it.
  /// - Returns: the run as it is now.
  /// - Throws: `StoreError`; `unknownTag` for one to take off that the run does not have.
  @discardableResult
  public func tag(run: String, adding added: [String], removing removed: [String] = []) throws -> RunRecord {
    try added.forEach(requireValidTag)
    return try write { database in
      let number = try self.number(matching: run, database)
      let before = try self.record(number, database)
      for tag in removed {
        guard before.tags.contains(tag) else {
          let near = nearest(to: tag, among: before.tags)
          throw StoreError(.unknownTag(tag, run: before.id, nearest: near, existing: before.tags), path: self.path)
        }
        try database.execute(sql: "DELETE FROM run_tags WHERE run = ? AND tag = ?", arguments: [number, tag])
      }
      try Self.insert(tags: added, number, database)
      return try self.record(number, database)
    }
  }

  /// Writes a note beside the run, in the place of the one that was there, or takes it away.
  /// - Returns: the run as it is now.
  /// - Throws: `StoreError`.
  @discardableResult
  public func setNote(_ note: String?, ofRun run: String) throws -> RunRecord {
    try write { database in
      let number = try self.number(matching: run, database)
      try database.execute(sql: "UPDATE runs SET note = ? WHERE number = ?", arguments: [note, number])
      return try self.record(number, database)
    }
  }

  /// Deletes the run with its metrics and checkpoints, and every tensor that no other run has.
  ///
  /// - Parameters:
  ///   - run: an id, a unique prefix of one, a name, or `last`.
  ///   - evenIfActive: for a run whose process, on a host that is gone, can no longer be asked.
  /// - Throws: `StoreError`; `activeRun` for a run that a process trains, `memberOfGroup` for one of a group, which is
  ///   deleted as one.
  public func delete(run: String, evenIfActive: Bool = false) throws {
    try write { database in
      let number = try self.number(matching: run, database)
      let record = try self.record(number, database)
      if let group = record.group { throw StoreError(.memberOfGroup(run: record.id, group: group), path: self.path) }
      if !evenIfActive { try self.requireInactive(number, database) }
      try self.delete(runs: [number], database)
    }
  }

  /// Deletes runs and every tensor that no other run has, and gives the space back.
  func delete(runs: [Int64], _ database: Database) throws {
    var blobs: Set<Int64> = []
    for run in runs {
      blobs.formUnion(try BlobTable.blobs(ofRun: run, database))
      try database.execute(sql: "DELETE FROM runs WHERE number = ?", arguments: [run])
    }
    try BlobTable.collect(blobs, database)
    try database.execute(sql: "PRAGMA incremental_vacuum")
  }

  /// - Throws: `activeRun` when a process trains the run; one on another host counts as alive.
  func requireInactive(_ number: Int64, _ database: Database) throws {
    let record = try self.record(number, database)
    guard record.status == .running else { return }
    let code = StoreError.Code.activeRun(id: record.id, process: record.owner.processID, host: record.owner.host)
    throw StoreError(code, path: path)
  }
}
