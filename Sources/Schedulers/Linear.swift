import Registry

public struct Linear: Scheduler {
  public static let name = "linear"
  public static let summary = "a straight line from the base rate to the minimum over the whole run"
  public static let formula = "rate = minimum + (base − minimum)·(1 − progress)"
  public static let reference = "Goodfellow et al. 2016, Deep learning, equation 8.14"

  @Parameter("rate at the end of the run", in: 0...) public var minimum = 0.0

  public init() {}

  public func rate(at context: ScheduleContext) -> Double {
    minimum + (context.baseRate - minimum) * (1 - context.progress)
  }
}
