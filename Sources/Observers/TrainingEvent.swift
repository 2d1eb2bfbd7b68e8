public import TrainingMetrics

/// What happens in a training run, in the order in which it happens.
public enum TrainingEvent: Sendable {
  case started(TrainingStart)
  case stepped(StepReport)
  case evaluated(EvaluationReport)
  case epochEnded(EpochReport)
  case saved(step: Int, isBest: Bool)
  case warned(String)
  case finished(TrainingOutcome)
}

/// What is known before the first step.
public struct TrainingStart: Sendable {
  public let runID: String
  public let name: String?
  /// As YAML, with every default filled in.
  public let recipe: String
  public let model: ModelSummary
  public let stepsPerEpoch: Int
  public let epochs: Int
  public let totalSteps: Int
  /// How many examples each split has.
  public let examples: [Split: Int]
  /// The first step to be taken, from 1.
  public let firstStep: Int
  public let isResumed: Bool
  /// How many kernels were chosen by timing just now; others are remembered, or chosen by rule.
  public let timedKernels: Int

  public init(
    runID: String, name: String? = nil, recipe: String, model: ModelSummary, stepsPerEpoch: Int, epochs: Int,
    totalSteps: Int, examples: [Split: Int], firstStep: Int = 1, isResumed: Bool = false, timedKernels: Int = 0
  ) {
    self.runID = runID
    self.name = name
    self.recipe = recipe
    self.model = model
    self.stepsPerEpoch = stepsPerEpoch
    self.epochs = epochs
    self.totalSteps = totalSteps
    self.examples = examples
    self.firstStep = firstStep
    self.isResumed = isResumed
    self.timedKernels = timedKernels
  }

  public var parameterCount: Int { model.parameterCount }
}

/// One step of training.
public struct StepReport: Sendable {
  /// From 1, over the run.
  public let step: Int
  /// From 1.
  public let epoch: Int
  /// From 1.
  public let stepOfEpoch: Int
  /// The batch's mean loss, without penalties.
  public let loss: Double
  /// The penalties on weights; 0 without a regularizer.
  public let penalty: Double
  /// The batch's means, named as in the recipe: `accuracy`.
  public let metrics: [Figure]
  public let rate: Double
  /// Over this process's part of the run, evaluations left out.
  public let examplesPerSecond: Double
  /// Until the last step, evaluations left out.
  public let secondsLeft: Double
  /// Examples trained on over the run.
  public let examplesSoFar: Int
  /// Whether `log-every` asks for this step.
  public let isLogged: Bool

  public init(
    step: Int, epoch: Int, stepOfEpoch: Int, loss: Double, penalty: Double = 0, metrics: [Figure] = [], rate: Double,
    examplesPerSecond: Double, secondsLeft: Double, examplesSoFar: Int, isLogged: Bool = true
  ) {
    self.step = step
    self.epoch = epoch
    self.stepOfEpoch = stepOfEpoch
    self.loss = loss
    self.penalty = penalty
    self.metrics = metrics
    self.rate = rate
    self.examplesPerSecond = examplesPerSecond
    self.secondsLeft = secondsLeft
    self.examplesSoFar = examplesSoFar
    self.isLogged = isLogged
  }
}

/// The figures of a split.
public struct EvaluationReport: Sendable {
  public let epoch: Int
  public let step: Int
  public let split: Split
  /// `loss`, then those of the metrics.
  public let figures: [Figure]
  /// Of metrics that give tables, such as `confusion-matrix`.
  public let tables: [MetricTable]

  public init(
    epoch: Int, step: Int, split: Split, figures: [Figure], tables: [MetricTable] = []
  ) {
    self.epoch = epoch
    self.step = step
    self.split = split
    self.figures = figures
    self.tables = tables
  }
}

/// One epoch of training.
public struct EpochReport: Sendable {
  /// From 1.
  public let epoch: Int
  public let step: Int
  /// Means over the epoch, as training went on: `loss`, then the metrics that are means.
  public let training: [Figure]
  /// Empty without validation examples.
  public let validation: [Figure]
  /// Of this epoch, evaluation included.
  public let seconds: Double
  public let isBest: Bool
  /// Part of the training time in which the next batch was not ready.
  public let shareWaiting: Double

  public init(
    epoch: Int, step: Int, training: [Figure], validation: [Figure] = [], seconds: Double, isBest: Bool = false,
    shareWaiting: Double = 0
  ) {
    self.epoch = epoch
    self.step = step
    self.training = training
    self.validation = validation
    self.seconds = seconds
    self.isBest = isBest
    self.shareWaiting = shareWaiting
  }
  /// A figure by its full name: `validation.loss`.
  public func figure(_ name: String) -> Double? {
    training.first { "train.\($0.name)" == name }?.value ?? validation.first { "validation.\($0.name)" == name }?.value
  }
}

/// How a run ended.
public struct TrainingOutcome: Sendable, Codable {
  public let runID: String
  public let name: String?
  public let status: TrainingStatus
  public let stopReason: String?
  public let steps: Int
  /// Whole epochs.
  public let epochs: Int
  /// `train.loss`, `validation.loss`, `test.accuracy` …: the last of each, with the last weights.
  public let figures: [String: Double]
  /// Of this process's part of the run.
  public let seconds: Double
  /// The step of the best checkpoint.
  public let bestStep: Int?

  public init(
    runID: String, name: String? = nil, status: TrainingStatus, stopReason: String? = nil, steps: Int, epochs: Int,
    figures: [String: Double], seconds: Double, bestStep: Int? = nil
  ) {
    self.runID = runID
    self.name = name
    self.status = status
    self.stopReason = stopReason
    self.steps = steps
    self.epochs = epochs
    self.figures = figures
    self.seconds = seconds
    self.bestStep = bestStep
  }
}

/// Where a run stands when its training ends without an error.
public enum TrainingStatus: String, Sendable, Hashable, Codable, CaseIterable {
  /// Trained to its end.
  case completed
  /// Broken off on request; can be resumed.
  case interrupted
  /// Ended early on purpose, by an observer.
  case stopped
}
