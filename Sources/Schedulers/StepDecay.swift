import Foundation
import Registry

public struct StepDecay: Scheduler {
  public static let name = "step"
  public static let summary = "the rate times a factor after every few epochs"
  public static let formula = "rate = base·factor^⌊epoch/every⌋"
  public static let reference = "Krizhevsky et al. 2012; PyTorch's StepLR"

  @Parameter("epochs between two changes", in: 1...) public var every = 10
  @Parameter("factor at each change", in: .above(0, through: 1)) public var factor = 0.1

  public init() {}

  public func rate(at context: ScheduleContext) -> Double {
    context.baseRate * pow(factor, Double(context.epoch / every))
  }
}
