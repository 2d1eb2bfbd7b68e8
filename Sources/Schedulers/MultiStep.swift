import Foundation
public import Registry

public struct MultiStep: Scheduler {
  public static let name = "multi-step"
  public static let summary = "the rate times a factor at each of the named epochs"
  public static let formula = "rate = base·factor^(number of milestones ≤ epoch)"
  public static let reference = "He et al. 2016, Deep residual learning; PyTorch's MultiStepLR"

  @Parameter("epochs, counted from 0, at whose start the rate changes", each: 1..., example: [30, 60, 80])
  public var milestones: [Int]
  @Parameter("factor at each change", in: .above(0, through: 1)) public var factor = 0.1

  public init() {}

  public func validate() throws {
    if let repeated = milestones.first(where: { epoch in milestones.count { $0 == epoch } > 1 }) {
      throw ArgumentError("epoch \(repeated) is named twice", at: "milestones")
    }
  }

  public func rate(at context: ScheduleContext) -> Double {
    let passed = milestones.count { $0 <= context.epoch }
    return context.baseRate * pow(factor, Double(passed))
  }
}
