import Foundation
import GRDB

extension ExperimentStore {
  /// Adds a run that is about to be trained by this process, and records what it does.
  ///
  /// - Parameters:
  ///   - run: what is known of it before.
  ///   - member: its place in a group, for a run that belongs to one.
  ///   - keepsAllCheckpoints: whether none is dropped; otherwise the last two and the best are kept.
  /// - Returns: what records the run.
  /// - Throws: `StoreError`; `nameOfGroup` for a name that a group has taken.
  public func begin(
    _ run: NewRun, as member: NewMember? = nil, keepsAllCheckpoints: Bool = false
  ) throws -> RunRecorder {
    let record = try insert(run, as: member, status: .running)
    return RunRecorder(run: record, store: self, keepsAllCheckpoints: keepsAllCheckpoints)
  }

  /// Writes the run with its components and tags.
  /// - Throws: `StoreError`.
  func insert(_ run: NewRun, as member: NewMember? = nil, status: RunStatus) throws -> RunRecord {
    try requireValidName(run.name)
    try run.tags.forEach(requireValidTag)
    let versions = try JSONEncoder.sorted.encode(run.versions)
    return try write { database in
      let group = try member.map { try self.open($0.group, database) }
      try self.requireFreeName(run.name, member: member, database)
      let now = Date()
      var generator = SystemRandomNumberGenerator()
      var id = RunIdentifier.make(at: now, using: &generator)
      while try self.isTaken(id, database) {
        id = RunIdentifier.make(at: now, using: &generator)
      }
      try database.execute(
        sql: """
          INSERT INTO runs (id, name, status, seed, host, git_revision, threads, backend, created,
            origin, origin_step,
            owner_host, owner_boot, owner_process, owner_start)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
          """,
        arguments: [
          id, run.name, status.rawValue, Int64(bitPattern: run.seed), run.host, run.gitRevision, run.threads,
          run.backend, now.timeIntervalSince1970, run.origin?.run, run.origin?.step, run.owner.host, run.owner.bootID,
          run.owner.processID,
          run.owner.startTime,
        ])
      let number = database.lastInsertedRowID
      try database.execute(
        sql: "INSERT INTO run_recipes (run, recipe, versions) VALUES (?, ?, ?)",
        arguments: [number, run.recipeYAML, String(decoding: versions, as: UTF8.self)])
      try Self.insert(run.components, number, database)
      try Self.insert(tags: run.tags, number, database)
      if let member, let group { try self.insert(member, group, run: number, database) }
      return try self.record(number, database)
    }
  }

  private func isTaken(_ id: String, _ database: Database) throws -> Bool {
    let row = try Row.fetchOne(
      database, sql: "SELECT 1 FROM runs WHERE id = :id UNION SELECT 1 FROM run_groups WHERE id = :id",
      arguments: ["id": id])
    return row != nil
  }

  static func insert(_ components: [ComponentArgument], _ run: Int64, _ database: Database) throws {
    let statement = try database.cachedStatement(
      sql: """
        INSERT INTO run_components (run, position, kind, path, part, argument, value, number)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        """)
    for (position, component) in components.enumerated() {
      let number = component.value.flatMap(Double.init).flatMap { $0.isNaN ? nil : $0 }
      try statement.execute(arguments: [
        run, position, component.kind, component.path, component.part, component.argument, component.value, number,
      ])
    }
  }

  static func insert(tags: [String], _ run: Int64, _ database: Database) throws {
    let statement = try database.cachedStatement(
      sql: "INSERT INTO run_tags (run, tag) VALUES (?, ?) ON CONFLICT DO NOTHING")
    for tag in tags { try statement.execute(arguments: [run, tag]) }
  }

  /// The record of the run with this number.
  func record(_ number: Int64, _ database: Database) throws -> RunRecord {
    let row = try Row.fetchOne(
      database, sql: "SELECT \(RunRecord.columns) FROM \(RunRecord.source) WHERE r.number = ?", arguments: [number])
    guard let row else { throw StoreError(.failed(reason: "run number \(number) was deleted meanwhile"), path: path) }
    let tags = try String.fetchAll(
      database, sql: "SELECT tag FROM run_tags WHERE run = ? ORDER BY tag", arguments: [number])
    return try RunRecord(row, tags: tags, interrupted: Set(try Liveness.interrupted(database)))
  }

  /// The parts of a run and their arguments, in the order of the recipe.
  ///
  /// - Parameter run: an id, a unique prefix of one, a name, or `last`.
  /// - Returns: one entry an argument.
  /// - Throws: `StoreError`.
  public func components(ofRun run: String) throws -> [ComponentArgument] {
    try read { database in
      let number = try self.number(matching: run, database)
      let rows = try Row.fetchAll(
        database, sql: "SELECT * FROM run_components WHERE run = ? ORDER BY position", arguments: [number])
      return try rows.map { row in
        try ComponentArgument(
          kind: row.value("kind"), path: row.value("path"), part: row.value("part"),
          argument: row.optional("argument"), value: row.optional("value"))
      }
    }
  }

  func requireValidName(_ name: String?) throws {
    guard let name else { return }
    if name.isEmpty { throw StoreError(.invalidName(name, reason: "it is empty"), path: path) }
    if name == "last" {
      throw StoreError(.invalidName(name, reason: "it stands for the newest run"), path: path)
    }
  }

  func requireValidTag(_ tag: String) throws {
    if tag.isEmpty { throw StoreError(.failed(reason: "a tag cannot be empty"), path: path) }
  }
}

extension JSONEncoder {
  /// The same bytes for the same value.
  static var sorted: JSONEncoder {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return encoder
  }
}
