public import Observers
import Execution
public import Experiments
import Registry
import Tensors
public import TrainingMetrics

/// The figures of a checkpoint on a split.
public struct Evaluation: Sendable, Hashable, Codable {
  public let run: String
  /// Of the checkpoint.
  public let step: Int
  public let split: Split
  public let examples: Int
  /// `loss`, and those of the metrics.
  public let figures: [String: Double]
  /// Of metrics that give tables, such as `confusion-matrix`.
  public let tables: [MetricTable]
}

extension Orchestrator {
  /// Measures a checkpoint on a split of the run's dataset.
  ///
  /// - Parameter checkpoint: the best stands for the last in a run that has no best.
  /// - Throws: ``OrchestratorError/noSplit(_:dataset:)`` if the run's data has no such split; as `train` and `load`.
  public func evaluate(
    _ run: RunRecord, in store: ExperimentStore, checkpoint selection: CheckpointSelection = .best, split: Split = .test
  ) throws -> Evaluation {
    let saved = try SavedRun(run, in: store, selection)
    let pipeline = try Pipeline(
      saved.recipe, registry: registry, context: context(saved.recipe),
      restoring: saved.checkpoint.preprocessing(inputShape: saved.state.inputShape))
    guard let examples = pipeline.data[split] else {
      throw OrchestratorError.noSplit(split.rawValue, dataset: type(of: pipeline.parts.dataset).name)
    }
    let graph = try EvaluationGraph(pipeline, batch: pipeline.recipe.batch)
    let session = try pipeline.parts.backend.makeSession(pipeline.recipe.sessionOptions(saved.state.kernels))
    try naming(run) { try saved.checkpoint.restore(graph.model.variables, in: session) }
    let measured = try Evaluator(pipeline, session).measure(examples)
    return Evaluation(
      run: run.id, step: saved.checkpoint.step, split: split, examples: examples.count,
      figures: Dictionary(measured.figures.map { ($0.name, $0.value) }) { first, _ in first }, tables: measured.tables)
  }
}

/// A checkpoint with what its state says.
struct SavedRun {
  let checkpoint: Checkpoint
  let state: TrainingState
  let recipe: Recipe

  init(_ run: RunRecord, in store: ExperimentStore, _ selection: CheckpointSelection) throws {
    let hasBest = try selection != .best || store.checkpoints(ofRun: run.id).contains(where: \.isBest)
    checkpoint = try store.loadCheckpoint(hasBest ? selection : .last, ofRun: run.id)
    state = try TrainingState(decoding: checkpoint.state, run: run.id, step: checkpoint.step)
    recipe = try Recipe(yaml: state.recipe, origin: "the recipe of run \(run.id)")
  }
}
