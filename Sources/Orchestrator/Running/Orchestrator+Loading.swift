import Execution
public import Experiments
import Losses
import Registry
import Tensors

extension Orchestrator {
  /// The model of a checkpoint, ready to predict. Only preprocessors, model and loss are made: neither the dataset nor the
  /// optimizer, observers or backend of the recipe have to exist any more.
  ///
  /// - Parameters:
  ///   - run: what was trained.
  ///   - store: where it is kept.
  ///   - selection: the best stands for the last in a run that has no best.
  ///   - backend: what computes, such as `reference`; nil for the fastest that the machine can run.
  /// - Returns: the model.
  /// - Throws: `StoreError`; ``OrchestratorError/badCheckpoint(run:step:reason:)``; what a part throws that does not
  ///   fit.
  public func load(
    _ run: RunRecord, in store: ExperimentStore, checkpoint selection: CheckpointSelection = .best,
    backend: String? = nil
  ) throws -> LoadedModel {
    let saved = try SavedRun(run, in: store, selection)
    let parts = try InferenceParts(saved, registry, backend: backend)
    let preprocessing = try parts.preprocessing()
    return try LoadedModel(
      parts, preprocessing: preprocessing, model: parts.model(preprocessing), loss: parts.maker.make(\.loss))
  }

  /// Parameters and statistics of a checkpoint, in the model's order, without the optimizer's state.
  public func weights(
    of run: RunRecord, in store: ExperimentStore, checkpoint selection: CheckpointSelection = .best
  ) throws -> [NamedWeights] {
    let saved = try SavedRun(run, in: store, selection)
    let parts = try InferenceParts(saved, registry, backend: nil)
    let variables = try parts.variables(parts.preprocessing())
    return zip(variables, try run.naming { try saved.checkpoint.values(of: variables) }).map { variable, value in
      NamedWeights(name: variable.name, shape: variable.shape.sizes, elements: value.floats)
    }
  }
}

/// One tensor of a model, as exports take it.
public struct NamedWeights: Sendable, Hashable {
  /// `0.weight`: as PyTorch's Sequential with the same layers names it.
  public let name: String
  public let shape: [Int]
  /// Row-major.
  public let elements: [Float]
}
