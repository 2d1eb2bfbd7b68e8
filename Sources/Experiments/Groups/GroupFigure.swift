import GRDB
import Registry

/// A metric over the runs of a group that are done.
public struct GroupFigure: Sendable, Hashable {
  public let name: String
  /// How many runs have it.
  public let count: Int
  /// Of the values at each run's last step; NaN if one of them is.
  public let mean: Double
  /// Of a sample, with count − 1 below; nil of a single run.
  public let standardDeviation: Double?
  /// Over all runs and steps; nil where neither direction is better.
  public let best: Double?
  /// The position of the first run that has it.
  public let bestMember: Int?

  /// `summaries`: of one metric, with the position of the run; at least one.
  init(_ name: String, _ summaries: [(member: Int, summary: MetricSummary)]) {
    let values = summaries.map(\.summary.last)
    let mean = values.reduce(0, +) / Double(values.count)
    self.name = name
    count = values.count
    self.mean = mean
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    standardDeviation = values.count > 1 ? (squares / Double(values.count - 1)).squareRoot() : nil
    let best = summaries.filter { $0.summary.best?.isNaN == false }.min { one, other in
      guard let first = one.summary.best, let second = other.summary.best else { return false }
      return one.summary.direction == .lower ? first < second : first > second
    }
    self.best = best?.summary.best
    bestMember = best?.member
  }
}

extension ExperimentStore {
  /// Every metric of the group's runs that were trained to their end, in alphabetical order.
  /// - Throws: `StoreError`.
  public func figures(ofGroup group: String) throws -> [GroupFigure] {
    try read { database in
      let rows = try Row.fetchAll(
        database,
        sql: """
          SELECT m.position, s.* FROM group_members m JOIN runs r ON r.number = m.run
            JOIN metric_summaries s ON s.run = m.run
          WHERE m.group_number = ? AND r.status IN ('completed', 'stopped') ORDER BY m.position
          """,
        arguments: [try self.groupNumber(matching: group, database)])
      let summaries = try rows.map { (member: try $0.value("position") as Int, summary: try MetricSummary($0)) }
      return Dictionary(grouping: summaries) { $0.summary.name }.sorted { $0.key < $1.key }.map(GroupFigure.init)
    }
  }
}
