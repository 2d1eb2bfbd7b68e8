import Execution
import Registry
import Tensors
import TrainingMetrics

extension ConformanceSuite {
  func metricChecks(_ entry: Registry.Entry, _ metric: any Metric) -> [CheckResult] {
    switch metric.form {
    case .mean: meanMetricChecks(entry)
    case .split: splitMetricChecks(entry)
    }
  }

  private func meanMetricChecks(_ entry: Registry.Entry) -> [CheckResult] {
    formulaChecks(entry, isDifferentiable: false) { component, title in
      guard let part = component as? any MeanMetric else { return [] }
      return try fitting(title) { target in
        pairFormula(title, normal([4, 5], "prediction"), target) { part($0, $1) }
      }
    } + [
      result(entry, "finite") {
        for (title, component) in try variants(of: entry) {
          guard let part = component as? any MeanMetric else { continue }
          for (content, prediction) in predictions([4, 5]) {
            for formula in try fitting(title, { pairFormula(title, prediction, $0) { part($0, $1) } }) {
              try checkFinite(formula, of: "predictions \(content)", withGradients: false)
            }
          }
        }
        return "predictions \(predictions([4, 5]).map(\.content).joined(separator: ", "))"
      },
      result(entry, "unfit shapes") {
        try checkUnfitShapes(entry) { ($0 as? any MeanMetric).map { part in { part($0, $1) } } }
      },
    ]
  }

  /// A metric does not say what its targets are: those that it takes are found by trying; at least one must be.
  private func fitting(_ title: String, _ formula: (_ targets: Tensor) -> Formula) throws -> [Formula] {
    let candidates = [classIndices(4, below: 5), uniform([4, 5], "targets")].map(formula)
    let fitting = candidates.filter { (try? $0.experiment(withGradients: false)) != nil }
    if fitting.isEmpty { throw Failure("\(title) takes neither class indices [4] nor numbers [4, 5]") }
    return fitting
  }
}
