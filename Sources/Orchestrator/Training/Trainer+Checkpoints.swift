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
    state.observers = try observers.map { try $0.state }
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

  /// Takes up the state of a checkpoint.
  func restore(_ checkpoint: Checkpoint, _ known: TrainingState) throws {
    func misfit(_ reason: String) -> OrchestratorError {
      .badCheckpoint(run: "", step: checkpoint.step, reason: reason)
    }
    guard known.stepsPerEpoch == order.stepsPerEpoch else {
      throw misfit(
        "an epoch had \(known.stepsPerEpoch) steps and would now have \(order.stepsPerEpoch); "
          + "batch, validation and data have to stay"
      )
    }
    guard known.sums.count == state.sums.count else { throw misfit("the metrics have to stay") }
    try checkpoint.restore(programs.variables, in: programs.session)
    if known.observers.count >= pipeline.parts.observers.count {
      for (observer, bytes) in zip(observers, known.observers) where !bytes.isEmpty { try observer.restore(bytes) }
    }
    let recipe = state.recipe
    state = known
    state.recipe = recipe
    savedStep = checkpoint.step
  }
}

/// What the names of preprocessors' statistics begin with in a checkpoint.
let preprocessingPrefix = "preprocess/"
