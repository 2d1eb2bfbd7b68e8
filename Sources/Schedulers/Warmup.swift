public import Registry

/// The inner schedule starts at the end of the ramp, as if training began there.
public struct Warmup: Scheduler {
  public static let name = "warmup"
  public static let summary = "a linear rise from near 0, then another schedule"
  public static let formula = "inner(0)·(step + 1)/n for step < n, inner(step − n) after; n = fraction·total"
  public static let reference = "Goyal et al. 2017, Accurate, large minibatch SGD"

  @Parameter("the schedule after the rise") public var inner: any Scheduler = Constant()
  @Parameter("part of all steps that the rise takes", in: 0..<1) public var fraction = 0.05

  public init() {}

  public var watchedFigures: [String] { inner.watchedFigures }

  public func rate(at context: ScheduleContext) -> Double {
    warmedUp(context, steps: context.steps(inFraction: fraction), inner.rate)
  }
}

/// A ramp of `steps` steps that reaches the schedule's first rate with its last step, then the schedule.
func warmedUp(_ context: ScheduleContext, steps: Int, _ schedule: (ScheduleContext) -> Double) -> Double {
  let rate = schedule(context.starting(after: steps))
  return context.step < steps ? rate * Double(context.step + 1) / Double(steps) : rate
}
