import Observers
import Execution
import Experiments
import Foundation
import Losses
import Optimizers
import Registry
import Schedulers
import Tensors
import TrainingMetrics

/// Trains one run from where its state stands to its end.
final class Trainer {
  let pipeline: Pipeline
  let programs: TrainingPrograms
  let order: EpochOrder
  let evaluator: Evaluator
  /// Those that the recipe names, then the caller's.
  let observers: [any TrainingObserver]
  /// What their states go by: the specification of one that the recipe names, the type of one that the caller brings.
  let observerNames: [String]
  let interruption: Interruption
  let isResumed: Bool
  var state: TrainingState
  /// The step of the newest checkpoint.
  var savedStep: Int?
  var recorder: RunRecorder?
  /// How many kernels were chosen by timing for this run, and not before.
  var timedKernels = 0
  /// Said once training has started.
  var warnings: [String] = []
  private var store: StoreObserver?
  private var stopReason: String?
  private var clock = TrainingClock()
  private let figures: RunFigures
  private let scheduler: any Scheduler
  /// The figures whose history the scheduler sees, the monitored one first.
  private let watched: [FigureDeclaration]
  private var schedule: ScheduleContext

  /// A run from its beginning, or as it stands, with what has changed of its recipe.
  init(
    _ pipeline: Pipeline, from standing: RunStanding? = nil, changed: Set<String> = [], kernels: KernelSelection,
    observers external: [any TrainingObserver], interruption: Interruption
  ) throws {
    let recipe = pipeline.recipe
    self.pipeline = pipeline
    self.interruption = interruption
    warnings = pipeline.warnings
    order = EpochOrder(
      count: pipeline.data.train.count, batch: recipe.batch, seed: recipe.seed, shuffles: recipe.shuffle)
    guard recipe.epochs <= EpochOrder.greatestStepCount / order.stepsPerEpoch else {
      throw OrchestratorError.tooManySteps(epochs: recipe.epochs, stepsPerEpoch: order.stepsPerEpoch)
    }
    figures = pipeline.figures
    scheduler = pipeline.parts.scheduler
    observers = try pipeline.parts.observers.map { try $0.makeObserver(figures: pipeline.figures) } + external
    observerNames =
      pipeline.parts.observers.map { Specification(of: $0).description }
      + external.map { String(describing: type(of: $0)) }
    let asker = type(of: scheduler).name
    watched = try [figures.monitored] + scheduler.watchedFigures.map { try pipeline.figures.figure($0, for: asker) }
    programs = try TrainingPrograms(pipeline, lastBatch: order.lastBatch, kernels)
    evaluator = Evaluator(pipeline.assessed, batch: recipe.batch, programs.session)
    if pipeline.data.validation != nil || pipeline.data.test != nil { try evaluator.compile() }
    state = TrainingState(pipeline, stepsPerEpoch: order.stepsPerEpoch)
    state.monitored = figures.monitored.name
    isResumed = standing?.checkpoint != nil
    schedule = ScheduleContext(
      step: 0, totalSteps: recipe.epochs * order.stepsPerEpoch, stepsPerEpoch: order.stepsPerEpoch,
      baseRate: pipeline.parts.optimizer.rate)
    if let standing { try restore(standing, changed: changed) }
    showHistory()
    if !changed.isDisjoint(with: ["epochs", "optimizer", "scheduler"]) { warnOfJump() }
  }

  var totalSteps: Int { pipeline.recipe.epochs * order.stepsPerEpoch }

  /// Trains, evaluates and saves; whatever goes wrong is written down as the end of the run.
  func run(_ recorder: RunRecorder) throws -> TrainingOutcome {
    self.recorder = recorder
    store = StoreObserver(recorder, hasPenalty: !pipeline.parts.regularizer.isEmpty)
    do {
      try emit(.started(start(recorder)))
      for warning in warnings { try emit(.warned(warning)) }
      // A fork is resumed from its own checkpoint, not from the run that it came from.
      if state.step > 0, savedStep == nil { try save(isBest: false, score: nil) }
      try train()
      let isComplete = state.step >= totalSteps
      let status: TrainingStatus = stopReason != nil ? .stopped : isComplete ? .completed : .interrupted
      if status != .interrupted, let test = pipeline.data.test { try evaluate(test, as: .test) }
      let reason = stopReason ?? (status == .interrupted ? "a request to stop" : nil)
      try recorder.finish(RunStatus(status), stopReason: reason, steps: state.step, epochs: state.epoch)
      let outcome = outcome(recorder, status, reason)
      try emit(.finished(outcome))
      return outcome
    } catch {
      try? recorder.finish(.failed, stopReason: "\(error)", steps: state.step, epochs: state.epoch)
      throw error
    }
  }

  private func train() throws {
    let batches = makeBatches()
    defer { batches.stop() }
    clock.start()
    let every = pipeline.recipe.checkpointEvery
    while state.step < totalSteps, stopReason == nil {
      guard !interruption.isRequested else { break }
      guard let batch = try batches.next() else { break }
      try step(batch)
      if state.step % order.stepsPerEpoch == 0 {
        try endEpoch(waited: batches.secondsWaited)
        clock.start()
      } else if every > 0, state.step % every == 0, stopReason == nil {
        try save(isBest: false, score: nil)
      }
    }
    if savedStep != state.step, state.step > 0 { try save(isBest: false, score: nil) }
  }

  private func makeBatches() -> Prefetcher<Batch> {
    let maker = BatchMaker(
      pipeline.data.train, pipeline.preprocessing, augmentations: pipeline.parts.augment,
      seed: pipeline.recipe.seed)
    let workers = pipeline.parts.augment.isEmpty ? 1 : 2
    return Prefetcher(state.step..<max(state.step, totalSteps), workers: workers) { [order] step in
      let (epoch, indices) = order.examples(ofStep: step)
      return try maker.batch(indices, epoch: epoch)
    }
  }

  private func step(_ batch: Batch) throws {
    let number = state.step + 1
    schedule.step = state.step
    let rate = scheduler.rate(at: schedule)
    let result = try programs.step(batch, rate: rate, number: number)
    guard result.objective.isFinite else {
      throw try programs.diagnose(batch, number: number, epoch: state.epoch + 1, checkpoint: savedStep)
    }
    let epoch = state.epoch + 1
    state.count(result, examples: batch.count)
    state.step = number
    state.rate = rate
    clock.stepped(examples: batch.count)
    let stepOfEpoch = number - (epoch - 1) * order.stepsPerEpoch
    try emit(
      .stepped(
        StepReport(
          step: number, epoch: epoch, stepOfEpoch: stepOfEpoch, loss: result.loss,
          penalty: penalty(of: result, examples: batch.count), metrics: result.metrics, rate: rate,
          examplesPerSecond: clock.examplesPerSecond,
          secondsLeft: clock.secondsPerStep * Double(totalSteps - number),
          examplesSoFar: (epoch - 1) * order.count + min(stepOfEpoch * pipeline.recipe.batch, order.count),
          isLogged: number % pipeline.recipe.logEvery == 0)))
  }

  /// What the regularizers add to the loss, which is a sum in the objective where the loss says so.
  private func penalty(of result: StepResult, examples: Int) -> Double {
    guard !pipeline.parts.regularizer.isEmpty else { return 0 }
    let weight = pipeline.parts.loss.reduction == .sum ? result.lossWeight ?? Double(examples) : 1
    return result.objective - result.loss * weight
  }

  private func endEpoch(waited: Double) throws {
    let training = pipeline.parts.metrics.stepFigures.map { Figure($0, state.mean($0.name)) }
    for figure in training { state.figures["train.\(figure.name)"] = figure.value }
    state.forgetSums()
    let validation = try pipeline.data.validation.map { try evaluate($0, as: .validation) } ?? []
    let loss = (validation.first ?? training[0]).value
    state.remember(watched.map(\.name))
    showHistory()
    let score = state.figures[figures.monitored.name] ?? .nan
    let isBest = isBest(score, loss: loss)
    if isBest {
      state.bestScore = score
      state.bestLoss = loss
      state.bestStep = state.step
    }
    let (seconds, shareWaiting) = clock.endEpoch(waited: waited)
    try emit(
      .epochEnded(
        EpochReport(
          epoch: state.epoch, step: state.step, training: training, validation: validation, seconds: seconds,
          isBest: isBest, shareWaiting: shareWaiting)))
    try save(isBest: isBest, score: score)
  }

  /// Gives the scheduler what the watched figures have been so far.
  private func showHistory() {
    func history(of figure: FigureDeclaration) -> FigureHistory {
      FigureHistory(figure.direction, state.histories?[figure.name] ?? [])
    }
    schedule.history = history(of: figures.monitored)
    schedule.histories = Dictionary(watched.map { ($0.name, history(of: $0)) }) { first, _ in first }
  }

  /// Warns if the next step has another learning rate than the last one by more than a tenth.
  private func warnOfJump() {
    guard let last = state.rate, state.step < totalSteps else { return }
    schedule.step = state.step
    let next = scheduler.rate(at: schedule)
    guard abs(next - last) > 0.1 * abs(last) else { return }
    warnings.append(
      "the learning rate goes from \(Float(last)) in step \(state.step) to \(Float(next)) in step \(state.step + 1)")
  }

  /// Of equal scores, the one with the lower loss is better. A score or loss that is no number is never best.
  private func isBest(_ score: Double, loss: Double) -> Bool {
    guard !score.isNaN, !loss.isNaN else { return false }
    guard let best = state.bestScore else { return true }
    return score == best
      ? loss < state.bestLoss ?? -.infinity : figures.monitored.direction.isBetter(score, than: best)
  }

  @discardableResult
  private func evaluate(_ examples: Examples, as split: Split) throws -> [Figure] {
    let measured = try evaluator.measure(examples)
    for figure in measured.figures { state.figures["\(split.rawValue).\(figure.name)"] = figure.value }
    try emit(
      .evaluated(
        EvaluationReport(
          epoch: state.epoch, step: state.step, split: split, figures: measured.figures, tables: measured.tables)))
    return measured.figures
  }

  func emit(_ event: TrainingEvent) throws {
    _ = try store?.observe(event)
    for observer in observers {
      if case .stop(let reason) = try observer.observe(event) { stopReason = stopReason ?? reason }
    }
  }

  private func start(_ recorder: RunRecorder) -> TrainingStart {
    var examples: [Split: Int] = [:]
    for split in Split.allCases { examples[split] = pipeline.data[split]?.count }
    return TrainingStart(
      runID: recorder.run.id, name: recorder.run.name, recipe: pipeline.recipe.yaml, model: programs.summary,
      stepsPerEpoch: order.stepsPerEpoch, epochs: pipeline.recipe.epochs, totalSteps: totalSteps, examples: examples,
      firstStep: state.step + 1, isResumed: isResumed, timedKernels: timedKernels)
  }

  private func outcome(_ recorder: RunRecorder, _ status: TrainingStatus, _ reason: String?) -> TrainingOutcome {
    TrainingOutcome(
      runID: recorder.run.id, name: recorder.run.name, status: status, stopReason: reason, steps: state.step,
      epochs: state.epoch, figures: state.figures, seconds: clock.total, bestStep: state.bestStep)
  }
}

extension RunStatus {
  fileprivate init(_ status: TrainingStatus) {
    self =
      switch status {
      case .completed: .completed
      case .interrupted: .interrupted
      case .stopped: .stopped
      }
  }
}
