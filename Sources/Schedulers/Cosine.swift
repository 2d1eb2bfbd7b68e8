import Foundation
import Registry

/// After the warm-up, progress is counted from its end: `cosine(warmup: 0.1)` is `warmup(cosine, fraction: 0.1)`.
public struct Cosine: Scheduler {
  public static let name = "cosine"
  public static let summary = "half a cosine wave from the base rate down to the minimum over the whole run"
  public static let formula = "rate = minimum + (base − minimum)·(1 + cos(π·progress))/2; before it a linear warm-up"
  public static let reference = "Loshchilov & Hutter 2017, SGDR; warm-up: Goyal et al. 2017"

  @Parameter("rate at the end of the run", in: 0...) public var minimum = 0.0
  @Parameter("part of all steps over which the rate first rises from near 0", in: 0..<1) public var warmup = 0.0

  public init() {}

  public func rate(at context: ScheduleContext) -> Double {
    warmedUp(context, steps: context.steps(inFraction: warmup)) { context in
      minimum + (context.baseRate - minimum) * (1 + cos(.pi * context.progress)) / 2
    }
  }
}
