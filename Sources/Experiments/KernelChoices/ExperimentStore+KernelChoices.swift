import Foundation
import GRDB

extension ExperimentStore {
  /// Every choice of a scope, in the order of operations and shapes.
  /// - Throws: `StoreError`.
  public func kernelChoices(in scope: KernelChoiceScope) throws -> [KernelChoiceRecord] {
    try read { database in
      let rows = try Row.fetchAll(
        database,
        sql: """
          SELECT operation, shape, choice, seconds FROM plans WHERE backend = ? AND machine = ? AND threads = ?
          ORDER BY operation, shape
          """,
        arguments: [scope.library, scope.machine, scope.threads])
      return try rows.map { row in
        try KernelChoiceRecord(
          operation: row.value("operation"), shape: row.value("shape"), algorithm: row.value("choice"),
          seconds: row.optional("seconds"))
      }
    }
  }

  /// Keeps choices in one transaction; each takes the place of an older one for the same operation and shape.
  /// - Throws: `StoreError`.
  public func remember(_ choices: [KernelChoiceRecord], in scope: KernelChoiceScope) throws {
    guard !choices.isEmpty else { return }
    try write { database in
      let statement = try database.cachedStatement(
        sql: """
          INSERT OR REPLACE INTO plans (backend, machine, threads, operation, shape, choice, seconds, created)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?)
          """)
      let now = Date().timeIntervalSince1970
      for choice in choices {
        try statement.execute(arguments: [
          scope.library, scope.machine, scope.threads, choice.operation, choice.shape, choice.algorithm, choice.seconds,
          now,
        ])
      }
    }
  }
}
