/// Where a training run stands when a scheduler is asked for a rate.
public struct ScheduleContext: Sendable, Equatable {
  /// The step about to be taken, from 0.
  public var step: Int
  /// All steps of the run.
  public var totalSteps: Int
  public var stepsPerEpoch: Int
  /// The rate that the optimizer was given.
  public var baseRate: Double
  /// Of the figure that the run monitors. Default: no epoch so far.
  public var history: FigureHistory
  /// Of the figures that the scheduler names, by full name: `train.loss`. Default: none.
  public var histories: [String: FigureHistory]

  public init(
    step: Int, totalSteps: Int, stepsPerEpoch: Int, baseRate: Double, history: FigureHistory = FigureHistory(),
    histories: [String: FigureHistory] = [:]
  ) {
    self.step = step
    self.totalSteps = totalSteps
    self.stepsPerEpoch = stepsPerEpoch
    self.baseRate = baseRate
    self.history = history
    self.histories = histories
  }

  /// Whole epochs behind this step.
  public var epoch: Int { step / max(1, stepsPerEpoch) }

  /// The history of a figure by full name; of an empty name, that of the figure that the run monitors.
  public func history(of figure: String) -> FigureHistory {
    figure.isEmpty ? history : histories[figure] ?? FigureHistory()
  }

  /// How much of the run lies behind this step, 0 to 1.
  public var progress: Double { min(1, Double(step) / Double(max(1, totalSteps))) }

  /// The steps that a fraction of the run makes up.
  public func steps(inFraction fraction: Double) -> Int { Int((min(1, fraction) * Double(totalSteps)).rounded()) }

  /// The context of a schedule that begins `steps` later.
  public func starting(after steps: Int) -> ScheduleContext {
    var context = self
    context.step = max(0, step - steps)
    context.totalSteps = max(0, totalSteps - steps)
    return context
  }
}
