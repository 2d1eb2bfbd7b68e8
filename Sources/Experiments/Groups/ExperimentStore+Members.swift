import Foundation
import GRDB

extension ExperimentStore {
  /// The group that a run is about to join, begun if it is new.
  func open(_ group: NewMember.Group, _ database: Database) throws -> Int64 {
    switch group {
    case .new(let new): try insert(new, database)
    case .known(let id): try groupNumber(matching: id, database)
    }
  }

  /// Adds a run to its group.
  func insert(_ member: NewMember, _ group: Int64, run: Int64, _ database: Database) throws {
    try database.execute(
      sql: "INSERT INTO group_members (group_number, position, run) VALUES (?, ?, ?)",
      arguments: [group, member.position, run])
    for (key, value) in member.values.sorted(by: { $0.key < $1.key }) {
      try database.execute(
        sql: "INSERT INTO group_member_values (run, key, value, number) VALUES (?, ?, ?, ?)",
        arguments: [run, key, value, Double(value).flatMap { $0.isNaN ? nil : $0 }])
    }
  }

  private func insert(_ group: NewGroup, _ database: Database) throws -> Int64 {
    try requireValidName(group.name)
    try requireFreeName(ofGroup: group, database)
    try database.execute(
      sql: """
        INSERT INTO run_groups (id, name, kind, plan, state, created, owner_host, owner_boot, owner_process, owner_start)
        VALUES (?, ?, ?, ?, 'running', ?, ?, ?, ?, ?)
        """,
      arguments: [
        group.id, group.name, group.kind.rawValue, group.plan, Date().timeIntervalSince1970, group.owner.host,
        group.owner.bootID, group.owner.processID, group.owner.startTime,
      ])
    return database.lastInsertedRowID
  }

  /// A group's name must be no run's, nor may a run be called as one of its members.
  private func requireFreeName(ofGroup group: NewGroup, _ database: Database) throws {
    let groups = try Row.fetchOne(
      database, sql: "SELECT 1 FROM run_groups WHERE name = :name OR id = :name", arguments: ["name": group.name])
    if groups != nil { throw StoreError(.nameOfGroup(group.name, group: group.name), path: path) }
    let prefix = NewMember.name(inGroup: group.name, position: 0).dropLast()
    let run = try String.fetchOne(
      database,
      sql: """
        SELECT name FROM runs WHERE name = :name OR substr(name, 1, length(:prefix)) = :prefix LIMIT 1
        """,
      arguments: ["name": group.name, "prefix": String(prefix)])
    if let run { throw StoreError(.nameOfRun(group.name, run: run), path: path) }
  }

  /// A run's name must be no group's, nor that of a member that a group has or may come to have.
  ///
  /// `member`: its place in a group, for which the name may be its own.
  func requireFreeName(_ name: String?, member: NewMember? = nil, _ database: Database) throws {
    guard let name else { return }
    let group = try String.fetchOne(
      database,
      sql: """
        SELECT name FROM run_groups
        WHERE name = :name OR id = :name OR substr(:name, 1, length(name) + 1) = name || '#' LIMIT 1
        """,
      arguments: ["name": name])
    guard let group, member?.isNamed(name, inGroup: group) != true else { return }
    throw StoreError(.nameOfGroup(name, group: group), path: path)
  }
}

extension NewMember {
  fileprivate func isNamed(_ name: String, inGroup group: String) -> Bool {
    name == Self.name(inGroup: group, position: position)
  }
}
