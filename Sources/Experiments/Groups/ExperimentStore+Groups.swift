import Foundation
import GRDB

extension ExperimentStore {
  /// Every group, the newest first.
  /// - Throws: `StoreError`.
  public func groups() throws -> [GroupRecord] {
    try read { database in
      try Int64.fetchAll(database, sql: "SELECT number FROM run_groups ORDER BY number DESC").map {
        try self.groupRecord($0, database)
      }
    }
  }

  /// Takes up a group that no process works on.
  ///
  /// - Parameters:
  ///   - group: its id, a unique prefix of it, or its name.
  ///   - owner: the process that works on it now.
  ///   - evenIfActive: for a group whose process, on a host that is gone, can no longer be asked.
  /// - Returns: the group as it is now.
  /// - Throws: `StoreError`; `activeGroup` when a process works on it.
  public func resume(
    group: String, owner: ProcessIdentity = .current(), evenIfActive: Bool = false
  ) throws -> GroupRecord {
    try write { database in
      let number = try self.groupNumber(matching: group, database)
      if !evenIfActive { try self.requireInactiveGroup(number, database) }
      try database.execute(
        sql: """
          UPDATE run_groups SET state = 'running', reason = NULL, finished = NULL, owner_host = ?, owner_boot = ?,
            owner_process = ?, owner_start = ? WHERE number = ?
          """,
        arguments: [owner.host, owner.bootID, owner.processID, owner.startTime, number])
      return try self.groupRecord(number, database)
    }
  }

  /// Writes how the work of this process on the group ended.
  /// - Throws: `StoreError`; `lostGroup` when another process has taken it up or deleted it.
  public func finish(
    group: String, _ state: GroupState, reason: String? = nil, owner: ProcessIdentity = .current()
  ) throws {
    try write { database in
      try database.execute(
        sql: """
          UPDATE run_groups SET state = ?, reason = ?, finished = ? WHERE id = ? AND owner_host = ? AND owner_boot = ?
            AND owner_process = ? AND owner_start = ?
          """,
        arguments: [
          state.rawValue, reason, Date().timeIntervalSince1970, group, owner.host, owner.bootID, owner.processID,
          owner.startTime,
        ])
      if database.changesCount == 0 { throw StoreError(.lostGroup(group), path: self.path) }
    }
  }

  /// Deletes the group with all its runs.
  ///
  /// - Parameters:
  ///   - group: its id, a unique prefix of it, or its name.
  ///   - evenIfActive: for a group whose process, on a host that is gone, can no longer be asked.
  /// - Throws: `StoreError`; `activeGroup` and `activeRun` while a process works on it.
  public func delete(group: String, evenIfActive: Bool = false) throws {
    try write { database in
      let number = try self.groupNumber(matching: group, database)
      let runs = try Int64.fetchAll(
        database, sql: "SELECT run FROM group_members WHERE group_number = ?", arguments: [number])
      if !evenIfActive {
        try self.requireInactiveGroup(number, database)
        for run in runs { try self.requireInactive(run, database) }
      }
      try self.delete(runs: runs, database)
      try database.execute(sql: "DELETE FROM run_groups WHERE number = ?", arguments: [number])
    }
  }

  /// - Throws: `activeGroup` when a process works on the group; one on another host counts as alive.
  private func requireInactiveGroup(_ number: Int64, _ database: Database) throws {
    let group = try groupRecord(number, database)
    guard group.state == .running else { return }
    throw StoreError(
      .activeGroup(group.name, process: group.owner.processID, host: group.owner.host), path: path)
  }

  /// The record of the group with this number.
  func groupRecord(_ number: Int64, _ database: Database) throws -> GroupRecord {
    guard
      let row = try Row.fetchOne(database, sql: "SELECT * FROM run_groups WHERE number = ?", arguments: [number])
    else { throw StoreError(.failed(reason: "group number \(number) was deleted meanwhile"), path: path) }
    return try GroupRecord(row, members: groupMembers(number, database))
  }

  private func groupMembers(_ number: Int64, _ database: Database) throws -> [GroupMember] {
    let values = try Row.fetchAll(
      database,
      sql: """
        SELECT v.run, key, value FROM group_members m JOIN group_member_values v ON v.run = m.run
        WHERE group_number = ?
        """,
      arguments: [number])
    var byRun: [Int64: [String: String]] = [:]
    for row in values { byRun[try row.value(0), default: [:]][try row.value(1)] = try row.value(2) as String }
    let interrupted = Set(try Liveness.interrupted(database))
    return try Row.fetchAll(
      database,
      sql: """
        SELECT m.position, r.* FROM group_members m JOIN runs r ON r.number = m.run
        WHERE m.group_number = ? ORDER BY m.position
        """,
      arguments: [number]
    ).map { try GroupMember($0, values: byRun[$0.value("number")] ?? [:], interrupted: interrupted) }
  }
}

extension GroupRecord {
  fileprivate init(_ row: Row, members: [GroupMember]) throws {
    let owner = try Liveness.owner(of: row)
    let stored = try GroupState(rawValue: row.value("state")) ?? .failed
    let hasEnded = stored == .running && owner.hasEnded(seenFrom: .current())
    let finished: Double? = try row.optional("finished")
    id = try row.value("id")
    name = try row.value("name")
    kind = try GroupKind(rawValue: row.value("kind")) ?? .experiment
    plan = try row.value("plan")
    state = hasEnded ? .interrupted : stored
    reason = hasEnded ? Liveness.reason : try row.optional("reason")
    created = Date(timeIntervalSince1970: try row.value("created"))
    self.finished = finished.map(Date.init(timeIntervalSince1970:))
    self.owner = owner
    self.members = members
  }
}

extension GroupMember {
  fileprivate init(_ row: Row, values: [String: String], interrupted: Set<Int64>) throws {
    position = try row.value("position")
    self.values = values
    runID = try row.value("id")
    runName = try row.optional("name")
    (status, stopReason) = try Liveness.standing(of: row, interrupted: interrupted)
    steps = try row.value("steps")
    epochs = try row.value("epochs")
    wallTimeSeconds = try row.value("wall_time")
  }
}
