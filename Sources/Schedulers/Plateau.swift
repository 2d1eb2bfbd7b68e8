import Registry

/// Epochs that end within the cooldown are not counted as bad. As in PyTorch, a value improves on the best if it is better
/// by more than the threshold's part of the best, and a fall of the rate by less than 1e-8 is left out.
///
/// - Complexity: of one rate, O(*epochs so far*).
public struct Plateau: Scheduler {
  public static let name = "plateau"
  public static let summary = "the rate times a factor whenever a figure has not improved for more than some epochs"
  public static let formula =
    "rate ← max(rate·factor, minimum) after patience + 1 epochs no better than best·(1 ∓ threshold)"
  public static let reference = "PyTorch's ReduceLROnPlateau"

  @Parameter("epochs without improvement that are allowed", in: 0...) public var patience = 10
  @Parameter("factor at each change", in: .above(0, through: 1)) public var factor = 0.1
  @Parameter("the figure: its split, a dot, and loss or a metric; empty for the one that the run monitors")
  public var metric = ""
  @Parameter("least part of the best by which a value must be better", in: 0...) public var threshold = 1e-4
  @Parameter("epochs after a change in which none is counted as bad", in: 0...) public var cooldown = 0
  @Parameter("rate below which it does not fall", in: 0...) public var minimum = 0.0

  public init() {}

  public var watchedFigures: [String] { metric.isEmpty ? [] : [metric] }

  public func rate(at context: ScheduleContext) -> Double {
    let history = context.history(of: metric)
    var rate = context.baseRate
    var best: Double?
    var (badEpochs, restingEpochs) = (0, 0)
    for value in history.values {
      if isBetter(value, than: best, history.direction) {
        best = value
        badEpochs = 0
      } else {
        badEpochs += 1
      }
      if restingEpochs > 0 {
        restingEpochs -= 1
        badEpochs = 0
      }
      if badEpochs > patience {
        let lower = max(rate * factor, minimum)
        if rate - lower > 1e-8 { rate = lower }
        restingEpochs = cooldown
        badEpochs = 0
      }
    }
    return rate
  }

  private func isBetter(_ value: Double, than best: Double?, _ direction: MetricDirection) -> Bool {
    switch direction {
    case .lower: value < best.map { $0 * (1 - threshold) } ?? .infinity
    case .higher: value > best.map { $0 * (1 + threshold) } ?? -.infinity
    case .neither: false
    }
  }
}
