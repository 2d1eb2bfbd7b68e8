import Execution
import Experiments
import Registry
import Tensors

extension Checkpoint {
  /// Writes the variables' values into a session. Throws if one is missing or has another shape.
  func restore(_ variables: [Variable], in session: any Session) throws {
    let stored = Dictionary(tensors.map { ($0.name, $0) }) { first, _ in first }
    for variable in variables {
      guard let tensor = stored[variable.name]?.tensor else {
        let near = nearest(to: variable.name, among: stored.keys).map { "; the nearest is '\($0)'" } ?? ""
        throw OrchestratorError.badCheckpoint(run: "", step: step, reason: "it has no '\(variable.name)'\(near)")
      }
      guard tensor.shape == variable.shape else {
        throw OrchestratorError.badCheckpoint(
          run: "", step: step, reason: "'\(variable.name)' has shape \(tensor.shape), the model's has \(variable.shape)"
        )
      }
      try session.write(tensor, to: variable)
    }
  }

  /// What the preprocessors learned.
  func preprocessing(inputShape: Shape) -> KnownPreprocessing {
    var statistics: [String: Tensor] = [:]
    for tensor in tensors where tensor.name.hasPrefix(preprocessingPrefix) {
      statistics[String(tensor.name.dropFirst(preprocessingPrefix.count))] = tensor.tensor
    }
    return KnownPreprocessing(statistics: statistics, inputShape: inputShape)
  }
}
