import Registry

public struct InverseTime: Scheduler {
  public static let name = "inverse-time"
  public static let summary = "the rate divided by a number that grows by the decay with every epoch (1/t decay)"
  public static let formula = "rate = base/(1 + decay·epoch)"
  public static let reference = "Robbins & Monro 1951; Bottou 2012, Stochastic gradient descent tricks"

  @Parameter("decay an epoch", in: 0...) public var decay = 0.1

  public init() {}

  public func rate(at context: ScheduleContext) -> Double {
    context.baseRate / (1 + decay * Double(context.epoch))
  }
}
