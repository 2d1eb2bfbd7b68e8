import Foundation
import GRDB

extension ExperimentStore {
  /// Every plan of a scope, in the order of operations and shapes.
  /// - Throws: `StoreError`.
  public func plans(in scope: KernelPlanScope) throws -> [KernelPlan] {
    try read { database in
      let rows = try Row.fetchAll(
        database,
        sql: """
          SELECT operation, shape, choice, seconds FROM plans WHERE backend = ? AND machine = ? AND threads = ?
          ORDER BY operation, shape
          """,
        arguments: [scope.library, scope.machine, scope.threads])
      return try rows.map { row in
        try KernelPlan(
          operation: row.value("operation"), shape: row.value("shape"), algorithm: row.value("choice"),
          seconds: row.optional("seconds"))
      }
    }
  }

  /// Keeps plans in one transaction; each takes the place of an older one for the same operation and shape.
  /// - Throws: `StoreError`.
  public func remember(_ plans: [KernelPlan], in scope: KernelPlanScope) throws {
    guard !plans.isEmpty else { return }
    try write { database in
      let statement = try database.cachedStatement(
        sql: """
          INSERT OR REPLACE INTO plans (backend, machine, threads, operation, shape, choice, seconds, created)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?)
          """)
      let now = Date().timeIntervalSince1970
      for plan in plans {
        try statement.execute(arguments: [
          scope.library, scope.machine, scope.threads, plan.operation, plan.shape, plan.algorithm, plan.seconds, now,
        ])
      }
    }
  }
}
