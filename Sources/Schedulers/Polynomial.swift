import Foundation
import Registry

public struct Polynomial: Scheduler {
  public static let name = "polynomial"
  public static let summary = "from the base rate to the minimum by a power of what is left of the run"
  public static let formula = "rate = minimum + (base − minimum)·(1 − progress)^power"
  public static let reference = "Chen et al. 2018, DeepLab; PyTorch's PolynomialLR"

  @Parameter("power; 1 is a straight line", in: .above(0)) public var power = 1.0
  @Parameter("rate at the end of the run", in: 0...) public var minimum = 0.0

  public init() {}

  public func rate(at context: ScheduleContext) -> Double {
    minimum + (context.baseRate - minimum) * pow(1 - context.progress, power)
  }
}
