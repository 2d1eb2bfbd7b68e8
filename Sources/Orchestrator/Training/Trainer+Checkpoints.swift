import Observers
import Execution
import Experiments
import Preprocessors
import Registry
import Tensors

extension Trainer {
  /// Hands the present state to the recorder, which writes it while training goes on.
  ///
  /// - Throws: ``OrchestratorError/notFinite(_:)`` rather than keep parameters that nothing can go on from.
  func save(isBest: Bool, score: Double?) throws {
    guard let recorder else { return }
    let (tensors, notFinite) = try programs.read()
    if let first = notFinite.first {
      let layer = programs.summary.layers.first { first.hasPrefix("\($0.path).") }
      throw OrchestratorError.notFinite(
        OrchestratorError.NotFinite(
          step: state.step, epoch: (state.step - 1) / order.stepsPerEpoch + 1,
          layer: layer.map { "\($0.path), \($0.layer)" }, parameters: notFinite, isOfUpdate: true, inInputs: false,
          checkpoint: savedStep))
    }
    let choices = programs.choices.completed(by: state.choices ?? KernelChoices())
    state.choices = choices.isEmpty ? nil : choices
    state.observers = try zip(observerNames, observers).map { Named($0, try $1.state) }
    let statistics = pipeline.preprocessing.pipeline.statistics.sorted { $0.key < $1.key }.map {
      StoredTensor($0.value, named: preprocessingPrefix + $0.key)
    }
    try recorder.saveCheckpoint(
      Checkpoint(
        step: state.step, epoch: state.epoch, tensors: tensors + statistics, state: try state.encoded(),
        isBest: isBest, score: score))
    savedStep = state.step
    try emit(.saved(step: state.step, isBest: isBest))
  }

  /// Takes up the state of the run's checkpoint, if it has one.
  func restore(_ standing: RunStanding, changed: Set<String>) throws {
    guard let checkpoint = standing.checkpoint, var known = standing.state else { return }
    func misfit(_ reason: String) -> OrchestratorError {
      .badCheckpoint(run: "", step: checkpoint.step, reason: reason)
    }
    guard known.stepsPerEpoch == order.stepsPerEpoch else {
      throw misfit(
        "an epoch had \(known.stepsPerEpoch) steps and would now have \(order.stepsPerEpoch); "
          + "batch, validation and data have to stay"
      )
    }
    let earlier = try Recipe(yaml: known.recipe, origin: "the checkpoint's recipe")
    try known.nameWhatGoesByPosition(
      figures: state.sums.compactMap(\.name), isOfTheseMetrics: earlier.metrics == pipeline.recipe.metrics,
      callers: Array(observerNames.dropFirst(pipeline.parts.observers.count)))
    let sums = state.sums.map { sum in known.sums.first { $0.name == sum.name } }
    if let missing = zip(state.sums, sums).first(where: { $1 == nil })?.0.name, known.summed > 0 {
      throw misfit("its epoch was begun without \(missing); metrics have to stay until the end of an epoch")
    }
    try checkpoint.restore(programs.variables, in: programs.session)
    if changed.contains(PartSlots.table.loss.key) { known.forgetScores() }
    for (observer, bytes) in zip(observers, known.observers.states(of: observerNames)) {
      if let bytes, !bytes.isEmpty { try observer.restore(bytes) }
    }
    known.sums = zip(state.sums, sums).map { $1 ?? $0 }
    known.recipe = state.recipe
    if let monitored = known.monitored, monitored != state.monitored { known.forgetBest() }
    known.monitored = state.monitored
    state = known
    savedStep = checkpoint.step
  }
}

extension Trainer {
  /// Begins a new run with the weights of another.
  func begin(from standing: RunStanding, keepsOptimizerState: Bool) throws {
    guard let checkpoint = standing.checkpoint, let known = standing.state else { return }
    let run = standing.run.id
    if known.stepsPerEpoch == order.stepsPerEpoch {
      state.step = known.step
    } else if known.step % known.stepsPerEpoch == 0 {
      state.step = known.epoch * order.stepsPerEpoch
    } else {
      throw OrchestratorError.forkWithinEpoch(
        run: run, step: known.step, stepsPerEpoch: known.stepsPerEpoch, newStepsPerEpoch: order.stepsPerEpoch)
    }
    guard state.step < totalSteps else {
      throw OrchestratorError.nothingLeft(run: run, epochs: pipeline.recipe.epochs)
    }
    let ofModel = programs.variables.filter { $0.role != .optimizerState }
    let ofOptimizer = programs.variables.filter { $0.role == .optimizerState }
    try checkpoint.restore(ofModel, in: programs.session)
    let names = Set(checkpoint.tensors.map(\.name))
    if keepsOptimizerState, ofOptimizer.allSatisfy({ names.contains($0.name) }) {
      try checkpoint.restore(ofOptimizer, in: programs.session)
    } else {
      try programs.parametersChanged()
    }
  }
}

/// What the names of preprocessors' statistics begin with in a checkpoint.
let preprocessingPrefix = "preprocess/"
