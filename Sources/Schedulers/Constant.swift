import Registry

public struct Constant: Scheduler {
  public static let name = "constant"
  public static let summary = "the same rate at every step"
  public static let formula = "rate = base"
  public static let reference = "Robbins & Monro 1951, A stochastic approximation method"

  public init() {}

  public func rate(at context: ScheduleContext) -> Double { context.baseRate }
}
