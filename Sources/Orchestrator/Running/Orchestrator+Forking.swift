public import Experiments
public import Observers

extension Orchestrator {
  /// Trains a new run that begins with the weights of a checkpoint; what is changed may be anything that the weights fit.
  ///
  /// The optimizer's state is taken up as long as the optimizer is the same. Steps count on from the checkpoint's. What was
  /// best before says nothing of the new run. Preprocessors keep what they learned unless they or the dataset change.
  ///
  /// - Parameters:
  ///   - run: what was trained; it stays as it is.
  ///   - store: where it is kept, and the new run as well.
  ///   - selection: the checkpoint.
  ///   - assignments: keys to change. The new run has no name unless `name` is among them.
  ///   - observers: what else watches the run.
  ///   - interruption: through which the caller stops it.
  /// - Returns: how the new run ended.
  /// - Throws: as ``train(_:in:as:retunes:observers:interruption:)``; ``OrchestratorError`` if weights do not fit, or
  ///   nothing is left to train.
  public func fork(
    _ run: RunRecord, in store: ExperimentStore, from selection: CheckpointSelection = .last,
    overriding assignments: [(path: String, value: String)] = [], observers: [any TrainingObserver] = [],
    interruption: Interruption = Interruption()
  ) throws -> TrainingOutcome {
    let standing = try RunStanding(run, in: store, selection)
    var own = standing.recipe
    own.name = ""
    let (recipe, changes) = try own.changing(assignments, registry)
    let changed = RunStanding.keys(changes)
    let keepsStatistics = changed.isDisjoint(with: ["dataset", "preprocess"])
    let pipeline = try Pipeline(
      recipe, registry: registry, context: context(recipe),
      restoring: keepsStatistics ? standing.preprocessing : nil)
    let memory = KernelMemory(store, pipeline)
    let trainer = try Trainer(pipeline, kernels: memory.recall(), observers: observers, interruption: interruption)
    trainer.timedKernels = try memory.keep(trainer.programs)
    let hasOtherOptimizer = changes.contains { $0.key.resumption == .sameParts && !$0.isForResumption }
    try run.naming { try trainer.begin(from: standing, keepsOptimizerState: !hasOtherOptimizer) }
    var new = newRun(pipeline)
    new.origin = standing.checkpoint.map { RunOrigin(run: run.id, step: $0.step) }
    return try trainer.run(store.begin(new))
  }
}
