import Observers
import TrainingMetrics
import Registry

extension RunFigures {
  /// `monitor`: a full name; empty for the first figure of the metrics that has a direction, else the loss, of the
  /// validation examples if there are any.
  init(_ metrics: [any Metric], hasValidation: Bool, monitor: String) throws {
    let figures = metrics.splitFigures
    for (index, figure) in figures.enumerated() where figures[..<index].contains(where: { $0.name == figure.name }) {
      throw OrchestratorError.repeatedFigure(figure.name)
    }
    let ofTraining = metrics.stepFigures.map { $0.of(.train) }
    let ofValidation = hasValidation ? figures.map { $0.of(.validation) } : []
    let all = ofTraining + ofValidation
    let own = hasValidation ? ofValidation : ofTraining
    let standard = own.dropFirst().first { $0.direction != .neither } ?? own[0]
    self.init(all, monitored: monitor.isEmpty ? standard : try all.figure(monitor, for: "monitor"))
  }
}
