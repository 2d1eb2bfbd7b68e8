import Foundation
import Registry

public struct Exponential: Scheduler {
  public static let name = "exponential"
  public static let summary = "the rate times a factor after every epoch"
  public static let formula = "rate = base·factor^epoch"
  public static let reference = "PyTorch's ExponentialLR"

  @Parameter("factor an epoch", in: .above(0, through: 1)) public var factor = 0.95

  public init() {}

  public func rate(at context: ScheduleContext) -> Double { context.baseRate * pow(factor, Double(context.epoch)) }
}
