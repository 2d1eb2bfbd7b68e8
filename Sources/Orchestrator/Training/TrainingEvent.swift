public import Experiments
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
  /// With every default filled in.
  public let recipe: Recipe
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
}

/// How a run ended.
public struct TrainingOutcome: Sendable, Codable {
  public let runID: String
  public let name: String?
  public let status: RunStatus
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
}
