import GRDB

/// What deleting the runs that a query finds does, or would do.
public struct RunDeletion: Sendable {
  /// What becomes of a run.
  public enum Fate: Sendable, Hashable {
    case deleted
    /// It belongs to this group, which is deleted as one.
    case keptForGroup(String)
    /// A process trains it.
    case keptAsActive
  }

  /// In the order of the query.
  public let runs: [(run: RunRecord, fate: Fate)]

  public var deleted: [RunRecord] { runs.filter { $0.fate == .deleted }.map(\.run) }
}

extension ExperimentStore {
  /// What `delete(_:evenIfActive:)` would do now.
  /// - Throws: `StoreError`, with a `QueryError` for what is wrong with the query.
  public func deletion(of query: RunQuery, evenIfActive: Bool = false) throws -> RunDeletion {
    try read { database in try self.deletion(query, evenIfActive, database) }
  }

  /// Deletes the runs that the query finds with their metrics and checkpoints, all or none: but those of groups stay, and
  /// those that a process trains.
  ///
  /// - Parameters:
  ///   - query: which runs; its columns do not matter.
  ///   - evenIfActive: for runs whose process, on a host that is gone, can no longer be asked.
  /// - Returns: what was deleted, and what was not.
  /// - Throws: `StoreError`, with a `QueryError` for what is wrong with the query.
  public func delete(_ query: RunQuery, evenIfActive: Bool = false) throws -> RunDeletion {
    try write { database in
      let deletion = try self.deletion(query, evenIfActive, database)
      try self.delete(runs: deletion.deleted.map { try self.number(matching: $0.id, database) }, database)
      return deletion
    }
  }

  private func deletion(_ query: RunQuery, _ evenIfActive: Bool, _ database: Database) throws -> RunDeletion {
    RunDeletion(
      runs: try records(query, database).map { run in
        if let group = run.group { return (run, .keptForGroup(group)) }
        return (run, run.status == .running && !evenIfActive ? .keptAsActive : .deleted)
      })
  }
}
