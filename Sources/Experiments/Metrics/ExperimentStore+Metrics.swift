import GRDB
import Registry

extension ExperimentStore {
  /// The points of one metric, by step.
  ///
  /// - Parameters:
  ///   - run: an id, a unique prefix of one, a name, or `last`.
  ///   - name: of the metric: `train.loss`.
  /// - Returns: at least one.
  /// - Throws: `StoreError`; a run that has no such metric is `unknownMetric`, with the nearest.
  public func metrics(ofRun run: String, name: String) throws -> [MetricPoint] {
    try read { database in
      let number = try self.number(matching: run, database)
      let rows = try Row.fetchCursor(
        database, sql: "SELECT step, epoch, value FROM metrics WHERE run = ? AND name = ? ORDER BY step",
        arguments: [number, name])
      let direction = try String.fetchOne(
        database, sql: "SELECT direction FROM metric_summaries WHERE run = ? AND name = ?", arguments: [number, name]
      ).flatMap(MetricDirection.init)
      var points: [MetricPoint] = []
      while let row = try rows.next() {
        points.append(
          try MetricPoint(
            name: name, step: row.value(0), epoch: row.value(1), value: row.optional(2) ?? .nan, direction: direction))
      }
      if points.isEmpty { throw try self.unknownMetric(name, run, number, database) }
      return points
    }
  }

  /// The names of the run's metrics, in alphabetical order.
  /// - Throws: `StoreError`.
  public func metricNames(ofRun run: String) throws -> [String] {
    try metricSummaries(ofRun: run).map(\.name)
  }

  /// One summary a metric, in alphabetical order.
  /// - Throws: `StoreError`.
  public func metricSummaries(ofRun run: String) throws -> [MetricSummary] {
    try read { database in
      let number = try self.number(matching: run, database)
      let rows = try Row.fetchAll(
        database, sql: "SELECT * FROM metric_summaries WHERE run = ? ORDER BY name", arguments: [number])
      return try rows.map(MetricSummary.init)
    }
  }

  private func unknownMetric(
    _ name: String, _ run: String, _ number: Int64, _ database: Database
  ) throws -> StoreError {
    let names = try String.fetchAll(
      database, sql: "SELECT name FROM metric_summaries WHERE run = ? ORDER BY name", arguments: [number])
    return StoreError(
      .unknownMetric(name, run: run, nearest: nearest(to: name, among: names), existing: names), path: path)
  }
}

extension MetricSummary {
  init(_ row: Row) throws {
    let direction: String? = try row.optional("direction")
    name = try row.value("name")
    last = try row.optional("last") ?? .nan
    minimum = try row.optional("minimum") ?? .nan
    maximum = try row.optional("maximum") ?? .nan
    count = try row.value("count")
    lastStep = try row.value("last_step")
    self.direction = direction.flatMap(MetricDirection.init) ?? MetricDirection(guessedFrom: name)
  }
}
