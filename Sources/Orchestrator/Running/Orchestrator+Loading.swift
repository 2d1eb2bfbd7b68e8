import Execution
public import Experiments
import Losses
import Registry
import Tensors

extension Orchestrator {
  /// The model of a checkpoint, ready to predict; the dataset is not needed.
  ///
  /// - Parameter checkpoint: the best stands for the last in a run that has no best.
  /// - Throws: `StoreError`; ``OrchestratorError/badCheckpoint(run:step:reason:)``; what a part throws that does not
  ///   fit.
  public func load(
    _ run: RunRecord, in store: ExperimentStore, checkpoint selection: CheckpointSelection = .best
  ) throws -> LoadedModel {
    let saved = try SavedRun(run, in: store, selection)
    let recipe = try saved.recipe.prepared(registry)
    let parts = try Parts(PartMaker(registry: registry, recipe: recipe))
    let preprocessing = try Preprocessing(
      restoring: parts, saved.checkpoint.preprocessing(inputShape: saved.state.inputShape))
    let model = Model(parts.model, initializer: parts.initializer, input: preprocessing.outputShape)
    let session = try parts.backend.makeSession(recipe.sessionOptions(saved.state.kernels))
    let loaded = LoadedModel(
      runID: run.id, step: saved.checkpoint.step, classNames: saved.state.classNames, batch: recipe.batch,
      preprocessing: preprocessing, model: model, hasProbabilities: parts.loss.targetKind == .classes, session: session)
    let (variables, _) = try loaded.trace(batch: 1)
    try naming(run) { try saved.checkpoint.restore(variables, in: session) }
    return loaded
  }

  /// Parameters and statistics of a checkpoint, in the model's order, without the optimizer's state.
  public func weights(
    of run: RunRecord, in store: ExperimentStore, checkpoint selection: CheckpointSelection = .best
  ) throws -> [NamedWeights] {
    let model = try load(run, in: store, checkpoint: selection)
    return try model.trace(batch: 1).variables.map { variable in
      NamedWeights(name: variable.name, shape: variable.shape.sizes, elements: try model.session.read(variable).floats)
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
