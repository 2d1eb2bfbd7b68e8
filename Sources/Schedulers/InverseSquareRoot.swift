import Registry

public struct InverseSquareRoot: Scheduler {
  public static let name = "inverse-square-root"
  public static let summary = "a linear rise to the base rate, then a fall with the square root of the step"
  public static let formula = "rate = base·min(t/warmup, √(warmup/t)), t = step + 1"
  public static let reference = "Vaswani et al. 2017, Attention is all you need, section 5.3"

  @Parameter("steps of the rise", in: 1...) public var warmup = 100

  public init() {}

  public func rate(at context: ScheduleContext) -> Double {
    let ratio = Double(context.step + 1) / Double(warmup)
    return context.baseRate * min(ratio, (1 / ratio).squareRoot())
  }
}
