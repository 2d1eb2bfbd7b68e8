import Datasets
public import Experiments
public import Observers
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
  /// The recipe's optimizer, observers and backend are not made: they do not have to exist any more.
  ///
  /// - Parameters:
  ///   - run: what was trained.
  ///   - store: where it is kept.
  ///   - selection: the best stands for the last in a run that has no best.
  ///   - split: the examples that are measured.
  ///   - backend: what computes, such as `reference`; nil for the fastest that the machine can run.
  /// - Returns: the figures.
  /// - Throws: ``OrchestratorError/noSplit(_:dataset:)`` if the run's data has no such split; as `train` and `load`.
  public func evaluate(
    _ run: RunRecord, in store: ExperimentStore, checkpoint selection: CheckpointSelection = .best,
    split: Split = .test, backend: String? = nil
  ) throws -> Evaluation {
    let saved = try SavedRun(run, in: store, selection)
    let parts = try InferenceParts(saved, registry, backend: backend)
    let (recipe, loss) = (parts.recipe, try parts.maker.make(\.loss))
    let dataset = try parts.maker.make(\.dataset)
    let name = type(of: dataset).name
    let splits = try dataset.load(context(recipe))
    try loss.checkTargets(splits.train, dataset: name, registry: registry)
    let data = try DataSplits(splits, validation: recipe.validation, seed: recipe.seed, dataset: name)
    guard let examples = data[split] else { throw OrchestratorError.noSplit(split.rawValue, dataset: name) }
    let preprocessing = try parts.preprocessing()
    let assessed = AssessedModel(
      model: try parts.model(preprocessing), preprocessing: preprocessing, loss: loss,
      metrics: try parts.maker.make(\.metrics), training: data.train)
    let measured = try Evaluator(assessed, batch: recipe.batch, parts.session(preprocessing)).measure(examples)
    return Evaluation(
      run: run.id, step: saved.checkpoint.step, split: split, examples: examples.count,
      figures: Dictionary(measured.figures.map { ($0.name, $0.value) }) { first, _ in first }, tables: measured.tables)
  }
}
