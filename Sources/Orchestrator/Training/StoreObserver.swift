import Observers
import Experiments
import Registry
import TrainingMetrics

/// Writes the figures of a run into its store.
final class StoreObserver: TrainingObserver {
  private let recorder: RunRecorder
  private let hasPenalty: Bool

  init(_ recorder: RunRecorder, hasPenalty: Bool) {
    self.recorder = recorder
    self.hasPenalty = hasPenalty
  }

  func observe(_ event: TrainingEvent) throws -> TrainingDecision {
    switch event {
    case .stepped(let report) where report.isLogged: try record(report)
    case .evaluated(let report):
      try recorder.record(
        report.figures.map {
          MetricPoint(
            name: "\(report.split.rawValue).\($0.name)", step: report.step, epoch: report.epoch, value: $0.value,
            direction: $0.direction)
        },
        tables: report.tables.map { StoredTable($0, report) })
    default: break
    }
    return .goOn
  }

  private func record(_ report: StepReport) throws {
    func point(_ name: String, _ value: Double, _ direction: MetricDirection) -> MetricPoint {
      MetricPoint(name: name, step: report.step, epoch: report.epoch, value: value, direction: direction)
    }
    var points = [point("train.loss", report.loss, .lower), point("learning-rate", report.rate, .neither)]
    for figure in report.metrics { points.append(point("train.\(figure.name)", figure.value, figure.direction)) }
    if hasPenalty { points.append(point("train.penalty", report.penalty, .lower)) }
    try recorder.record(points)
  }
}

extension StoredTable {
  fileprivate init(_ table: MetricTable, _ report: EvaluationReport) {
    self.init(
      name: table.name, split: report.split.rawValue, step: report.step, epoch: report.epoch, rowAxis: table.rowAxis,
      columnAxis: table.columnAxis, rows: table.rows, columns: table.columns, values: table.values)
  }
}
