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
  ///   - changes: keys to change, such as `epochs` to train further, or `threads`; what belongs to the state (model,
  ///     optimizer, batch, data) has to stay.
  ///   - observers: what else watches the run.
  ///   - interruption: through which the caller stops it.
  /// - Returns: how the run ended.
  /// - Throws: as ``train(_:in:as:retunes:observers:interruption:)``; ``OrchestratorError/nothingLeft(run:epochs:)`` for a run
  ///   that is complete.
  public func resume(
    _ run: RunRecord, in store: ExperimentStore, from selection: CheckpointSelection = .last,
    evenIfActive: Bool = false,
    overriding changes: [(path: String, value: String)] = [], observers: [any TrainingObserver] = [],
    interruption: Interruption = Interruption()
  ) throws -> TrainingOutcome {
    let isFresh = try selection == .last && store.checkpoints(ofRun: run.id).isEmpty
    let checkpoint = isFresh ? nil : try store.loadCheckpoint(selection, ofRun: run.id)
    let state = try checkpoint.map { try TrainingState(decoding: $0.state, run: run.id, step: $0.step) }
    var recipe = try Recipe(yaml: state?.recipe ?? run.recipeYAML, origin: "the recipe of run \(run.id)")
    // Version 0.1.0, which knew no such key, went by the loss where nothing was held out.
    if recipe.monitor.isEmpty, recipe.validation == 0 { recipe.monitor = "train.loss" }
    let threads = recipe.threads
    for change in changes { try recipe.set(change.path, to: change.value, origin: "--set \(change.path)") }
    let pipeline = try Pipeline(
      recipe, registry: registry, context: context(recipe),
      restoring: checkpoint.flatMap { checkpoint in
        state.map { checkpoint.preprocessing(inputShape: $0.inputShape) }
      })
    let memory = KernelMemory(store, pipeline)
    // What was trained with some kernels goes on with these; for other threads they were never chosen.
    let own = threads == pipeline.recipe.threads ? state?.kernels : nil
    let kernels = try own ?? memory.recall()
    let trainer = try run.naming {
      try Trainer(
        pipeline, from: checkpoint, state: state, kernels: kernels, observers: observers, interruption: interruption)
    }
    trainer.timedKernels = try memory.keep(trainer.programs)
    if checkpoint == nil { try giveInitialWeights(to: trainer) }
    if trainer.pipeline.recipe.threads != run.threads, checkpoint != nil {
      trainer.warnings.append(
        "the run had \(run.threads) threads and goes on with \(trainer.pipeline.recipe.threads): "
          + "sums may be rounded otherwise than without the interruption")
    }
    if run.status == .completed, trainer.state.step >= trainer.totalSteps {
      throw OrchestratorError.nothingLeft(run: run.id, epochs: pipeline.recipe.epochs)
    }
    let recorder = try store.resume(run: run.id, after: checkpoint?.step, evenIfActive: evenIfActive)
    return try trainer.run(recorder)
  }
}
