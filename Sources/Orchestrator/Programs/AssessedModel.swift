import Losses
import Registry
import Tensors
import TrainingMetrics

/// A model with what its outputs are compared to: all that losses and metrics are computed of.
struct AssessedModel: Sendable {
  let model: Model
  let preprocessing: Preprocessing
  let loss: any Loss
  let metrics: [any Metric]
  /// The training part, of which losses take the classes and how often each occurs.
  let training: Examples
}

extension Loss {
  /// Throws unless the loss takes such targets.
  func checkTargets(_ examples: Examples, dataset: String, registry: Registry) throws(OrchestratorError) {
    let has: TargetKind = examples.classNames == nil ? .numbers : .classes
    guard targetKind != has else { return }
    let fitting = registry.entries(of: "loss").compactMap { entry in
      ((entry.type.init() as? any Loss)?.targetKind == has) ? entry.name : nil
    }
    throw OrchestratorError.wrongTargets(
      loss: Self.name, takes: targetKind.rawValue, dataset: dataset, has: has.rawValue, fitting: fitting)
  }
}
