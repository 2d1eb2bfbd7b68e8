import Execution
import Experiments
import Registry
import Tensors

extension Checkpoint {
  /// The variables' values. Throws ``OrchestratorError/badCheckpoint(run:step:reason:)`` if one is missing or has another
  /// shape.
  func values(of variables: [Variable]) throws(OrchestratorError) -> [Tensor] {
    let stored = Dictionary(tensors.map { ($0.name, $0) }) { first, _ in first }
    var values: [Tensor] = []
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
      values.append(tensor)
    }
    return values
  }

  /// Writes the variables' values into a session.
  func restore(_ variables: [Variable], in session: any Session) throws {
    for (variable, value) in zip(variables, try values(of: variables)) { try session.write(value, to: variable) }
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

extension RunRecord {
  /// Says of which run a checkpoint is that does not fit.
  func naming<Result>(_ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch OrchestratorError.badCheckpoint(_, let step, let reason) {
      throw OrchestratorError.badCheckpoint(run: id, step: step, reason: reason)
    }
  }
}
