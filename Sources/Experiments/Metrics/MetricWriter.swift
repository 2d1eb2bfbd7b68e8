import GRDB
import Registry

/// Writes points and keeps their summaries, so that no query has to read points.
struct MetricWriter {
  let run: Int64
  let database: Database

  /// A later point of the same name and step replaces the earlier one.
  func write(_ points: [MetricPoint]) throws {
    for (name, points) in Dictionary(grouping: points, by: \.name) {
      try write(Self.inOrder(points), of: name)
    }
  }

  /// By step; of several points at a step, the last that was recorded.
  private static func inOrder(_ points: [MetricPoint]) -> [MetricPoint] {
    let isInOrder = zip(points, points.dropFirst()).allSatisfy { $0.step < $1.step }
    if isInOrder { return points }
    let byStep = Dictionary(points.map { ($0.step, $0) }) { _, later in later }
    return byStep.values.sorted { $0.step < $1.step }
  }

  private func write(_ points: [MetricPoint], of name: String) throws {
    guard let first = points.first, let last = points.last else { return }
    let lastKnown = try Int.fetchOne(
      database, sql: "SELECT last_step FROM metric_summaries WHERE run = ? AND name = ?", arguments: [run, name])
    let insertion = try database.cachedStatement(
      sql: """
        INSERT INTO metrics (run, name, step, epoch, value) VALUES (?, ?, ?, ?, ?)
        ON CONFLICT (run, name, step) DO UPDATE SET epoch = excluded.epoch, value = excluded.value
        """)
    for point in points {
      try insertion.execute(arguments: [run, name, point.step, point.epoch, point.value])
    }
    if let lastKnown, first.step <= lastKnown {
      try Self.summarize(run, name, last.direction, database)
    } else {
      try extendSummary(of: name, by: points, last: last)
    }
  }

  private func extendSummary(of name: String, by points: [MetricPoint], last: MetricPoint) throws {
    let numbers = points.lazy.map(\.value).filter { !$0.isNaN }
    try database.execute(
      sql: """
        INSERT INTO metric_summaries (run, name, last, minimum, maximum, count, last_step, direction)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (run, name) DO UPDATE SET
          last = excluded.last,
          minimum = min(coalesce(minimum, excluded.minimum), coalesce(excluded.minimum, minimum)),
          maximum = max(coalesce(maximum, excluded.maximum), coalesce(excluded.maximum, maximum)),
          count = count + excluded.count,
          last_step = excluded.last_step,
          direction = coalesce(excluded.direction, direction)
        """,
      arguments: [
        run, name, last.value, numbers.min(), numbers.max(), points.count, last.step, last.direction?.rawValue,
      ])
  }

  /// Makes the summary anew from the points; none is left where there are no points.
  private static func summarize(
    _ run: Int64, _ name: String, _ direction: MetricDirection?, _ database: Database
  ) throws {
    let known = try String.fetchOne(
      database, sql: "SELECT direction FROM metric_summaries WHERE run = ? AND name = ?", arguments: [run, name])
    try database.execute(
      sql: "DELETE FROM metric_summaries WHERE run = ? AND name = ?", arguments: [run, name])
    try database.execute(
      sql: """
        INSERT INTO metric_summaries (run, name, last, minimum, maximum, count, last_step, direction)
        SELECT run, name, (SELECT value FROM metrics WHERE run = :run AND name = :name ORDER BY step DESC LIMIT 1),
          min(value), max(value), count(*), max(step), :direction
        FROM metrics WHERE run = :run AND name = :name GROUP BY run, name
        """,
      arguments: ["run": run, "name": name, "direction": direction?.rawValue ?? known])
  }

  /// Deletes the points after a step: a resumed run writes them again.
  static func forget(_ run: Int64, after step: Int, _ database: Database) throws {
    let names = try String.fetchAll(
      database, sql: "SELECT name FROM metric_summaries WHERE run = ? AND last_step > ?", arguments: [run, step])
    for name in names {
      try database.execute(
        sql: "DELETE FROM metrics WHERE run = ? AND name = ? AND step > ?", arguments: [run, name, step])
      try summarize(run, name, nil, database)
    }
  }
}
