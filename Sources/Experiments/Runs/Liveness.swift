import GRDB

/// Which runs say that they are running although the process that trained them has ended.
enum Liveness {
  /// Numbers of the runs whose owner is known to have ended.
  static func interrupted(_ database: Database) throws -> [Int64] {
    let rows = try Row.fetchAll(
      database,
      sql: """
        SELECT number, owner_host, owner_boot, owner_process, owner_start FROM runs WHERE status = 'running'
        """)
    guard !rows.isEmpty else { return [] }
    let observer = ProcessIdentity.current()
    return try rows.filter { try owner(of: $0).hasEnded(seenFrom: observer) }.map { try $0.value("number") }
  }

  /// The status of a row of `runs`, and the reason for it, as they are now.
  ///
  /// `interrupted`: numbers of the runs whose process has ended.
  static func standing(of row: Row, interrupted: Set<Int64>) throws -> (status: RunStatus, reason: String?) {
    if interrupted.contains(try row.value("number")) { return (.interrupted, reason) }
    return (try RunStatus(rawValue: row.value("status")) ?? .failed, try row.optional("stop_reason"))
  }

  /// Writes it down. To be called under the store's lock, outside a transaction.
  static func markInterrupted(_ database: Database) throws {
    guard try !interrupted(database).isEmpty else { return }
    try database.inTransaction(.immediate) {
      for number in try interrupted(database) {
        try database.execute(
          sql: "UPDATE runs SET status = 'interrupted', stop_reason = ? WHERE number = ?",
          arguments: [reason, number])
      }
      return .commit
    }
  }

  static let reason = "its process ended without finishing it"

  static func owner(of row: Row) throws -> ProcessIdentity {
    try ProcessIdentity(
      host: row.value("owner_host"), bootID: row.value("owner_boot"), processID: row.value("owner_process"),
      startTime: row.value("owner_start"))
  }
}
