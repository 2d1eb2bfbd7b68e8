public import Observers
public import Experiments

extension Orchestrator {
  /// Goes on with a run from a checkpoint, or from its beginning if it has none: what follows is what would have
  /// followed without the interruption, bit for bit.
  ///
  /// - Parameters:
  ///   - run: the run, which no other process trains.
  ///   - store: where it is kept.
  ///   - selection: the checkpoint; later ones, and later points of metrics, are forgotten.
  ///   - evenIfActive: for a run whose process, on a host that is gone, can no longer be asked.
  ///   - assignments: keys to change, such as `epochs` to train further, or `threads`; the store keeps what was changed.
  ///   - observers: what else watches the run.
  ///   - interruption: through which the caller stops it.
  /// - Returns: how the run ended.
  /// - Throws: as ``train(_:in:as:retunes:observers:interruption:)``; ``OrchestratorError`` for a run that is complete or
  ///   was stopped early, and for a change of what was trained before (dataset, model, batch, seed …), which asks for
  ///   ``fork(_:in:from:overriding:observers:interruption:)``.
  public func resume(
    _ run: RunRecord, in store: ExperimentStore, from selection: CheckpointSelection = .last,
    evenIfActive: Bool = false,
    overriding assignments: [(path: String, value: String)] = [], observers: [any TrainingObserver] = [],
    interruption: Interruption = Interruption()
  ) throws -> TrainingOutcome {
    let standing = try RunStanding(run, in: store, selection, mayBeginAnew: true)
    if let origin = run.origin, standing.checkpoint == nil {
      throw OrchestratorError.forkWithoutStart(run: run.id, origin: origin)
    }
    let (recipe, changes) = try standing.recipe.changing(assignments, registry)
    try standing.requireResumable(recipe, changes)
    let pipeline = try Pipeline(
      recipe, registry: registry, context: context(recipe), restoring: standing.preprocessing)
    let memory = KernelMemory(store, pipeline)
    let trainer = try run.naming {
      try Trainer(
        pipeline, from: standing, changed: RunStanding.keys(changes),
        kernels: standing.kernels(of: pipeline) ?? memory.recall(), observers: observers, interruption: interruption)
    }
    trainer.timedKernels = try memory.keep(trainer.programs)
    if standing.checkpoint == nil { try giveInitialWeights(to: trainer) }
    let threads = trainer.pipeline.recipe.threads
    if threads != run.threads, standing.checkpoint != nil {
      trainer.warnings.append(
        "the run had \(run.threads) threads and goes on with \(threads): "
          + "sums may be rounded otherwise than without the interruption")
    }
    let update = RunUpdate(
      newRun(pipeline),
      changes: changes.map {
        RunChange(step: standing.checkpoint?.step ?? 0, path: $0.path, old: $0.old, new: $0.new)
      })
    return try trainer.run(
      store.resume(run: run.id, after: standing.checkpoint?.step, as: update, evenIfActive: evenIfActive))
  }
}
