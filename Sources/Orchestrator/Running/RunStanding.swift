import Experiments
import Registry

/// A run as it stands at a checkpoint, or before its first.
struct RunStanding {
  let run: RunRecord
  /// nil for a run that begins anew, for it has none.
  let checkpoint: Checkpoint?
  let state: TrainingState?
  /// What it is trained with from there on.
  let recipe: Recipe

  /// - Throws: `StoreError`; ``OrchestratorError/badCheckpoint(run:step:reason:)``; ``RecipeError``.
  ///
  /// `mayBeginAnew`: whether a run that has no checkpoint stands at its beginning; otherwise that is an error.
  init(
    _ run: RunRecord, in store: ExperimentStore, _ selection: CheckpointSelection, mayBeginAnew: Bool = false
  ) throws {
    self.run = run
    if try mayBeginAnew && selection == .last && store.checkpoints(ofRun: run.id).isEmpty {
      (checkpoint, state) = (nil, nil)
      recipe = try Recipe(stored: run.recipeYAML, ofRun: run.id)
      return
    }
    let checkpoint = try store.loadCheckpoint(selection, ofRun: run.id)
    let state = try TrainingState(decoding: checkpoint.state, run: run.id, step: checkpoint.step)
    var recipe = try Recipe(stored: state.recipe, ofRun: run.id)
    // What was changed when it was resumed there; the checkpoint was saved before.
    for change in try store.changes(ofRun: run.id) where change.step == checkpoint.step {
      try recipe.set(change.path, to: change.new, origin: "a change of run \(run.id)")
    }
    (self.checkpoint, self.state, self.recipe) = (checkpoint, state, recipe)
  }

  /// The keys of some changes.
  static func keys(_ changes: [RecipeChange]) -> Set<String> { Set(changes.map(\.key.name)) }

  /// - Throws: ``OrchestratorError`` for a change that a resumption cannot make, or if there is nothing to train.
  func requireResumable(_ recipe: Recipe, _ changes: [RecipeChange]) throws(OrchestratorError) {
    for change in changes where !change.isForResumption {
      if case .otherCommand(let command) = change.key.resumption {
        throw OrchestratorError.changedElsewhere(path: change.path, command: command)
      }
      throw OrchestratorError.needsFork(
        run: run.id, path: change.path, old: change.old, new: change.new, hasCheckpoint: checkpoint != nil)
    }
    guard let state else { return }
    let begun = (state.step + state.stepsPerEpoch - 1) / state.stepsPerEpoch
    if recipe.epochs < begun {
      throw OrchestratorError.tooFewEpochs(run: run.id, epochs: recipe.epochs, steps: state.step, begun: begun)
    }
    if run.status.isDone, state.epoch >= recipe.epochs {
      throw OrchestratorError.nothingLeft(run: run.id, epochs: recipe.epochs)
    }
    let mayGoOn = Self.keys(changes).contains { ["observers", "monitor", "metrics", "loss"].contains($0) }
    if run.status == .stopped, state.step >= run.totalSteps, recipe.observers != "none", !mayGoOn {
      throw OrchestratorError.stoppedEarly(run: run.id, reason: run.stopReason)
    }
  }

  /// What preprocessors learned.
  var preprocessing: KnownPreprocessing? {
    checkpoint.flatMap { checkpoint in state.map { checkpoint.preprocessing(inputShape: $0.inputShape) } }
  }

  /// The run's kernels; nil if it goes on with another number of threads, for which they were never chosen.
  func kernels(of pipeline: Pipeline) -> KernelSelection? {
    run.threads == pipeline.recipe.threads ? state?.kernels : nil
  }
}

extension Recipe {
  /// The recipe that the store has of a run.
  init(stored yaml: String, ofRun run: String) throws {
    try self.init(yaml: yaml, origin: "the recipe of run \(run)")
    // Version 0.1.0, which knew no such key, went by the loss where nothing was held out.
    if monitor.isEmpty, validation == 0 { monitor = "train.loss" }
  }

  /// The recipe with what a user sets, and what of it changes something.
  func changing(
    _ assignments: [(path: String, value: String)], _ registry: Registry
  ) throws -> (recipe: Recipe, changes: [RecipeChange]) {
    var changed = self
    for assignment in assignments {
      try changed.set(assignment.path, to: assignment.value, origin: "--set \(assignment.path)")
    }
    let keys = Set(assignments.map { String($0.path.prefix { $0 != "." }) })
    return (changed, try changes(to: changed, in: keys, registry))
  }
}
