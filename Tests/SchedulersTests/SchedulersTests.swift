import Foundation
import Registry
import Schedulers
import Testing

@Suite struct SchedulersTests {
  /// Rates at a base rate of 1 in a run of 100 steps, 10 an epoch; worked out by hand from the formulas.
  static let rates: [(specification: String, step: Int, rate: Double)] = [
    ("constant", 0, 1), ("constant", 99, 1),
    ("step(3, factor: 0.1)", 29, 1), ("step(3, factor: 0.1)", 30, 0.1), ("step(3, factor: 0.1)", 99, 1e-3),
    ("multi-step(2, 5, factor: 0.5)", 19, 1), ("multi-step(2, 5, factor: 0.5)", 20, 0.5),
    ("multi-step([2, 5], factor: 0.5)", 50, 0.25),
    ("exponential(0.9)", 9, 1), ("exponential(0.9)", 10, 0.9), ("exponential(0.9)", 35, 0.729),
    ("cosine", 0, 1), ("cosine", 50, 0.5), ("cosine", 25, (1 + 0.5.squareRoot()) / 2), ("cosine", 100, 0),
    ("cosine(minimum: 0.2)", 50, 0.6), ("cosine(minimum: 0.2)", 100, 0.2), ("cosine", 250, 0),
    ("cosine(warmup: 0.1)", 0, 0.1), ("cosine(warmup: 0.1)", 9, 1), ("cosine(warmup: 0.1)", 10, 1),
    ("cosine(warmup: 0.1)", 55, 0.5), ("cosine(warmup: 0.1)", 100, 0),
    ("warmup(fraction: 0.2)", 0, 0.05), ("warmup(fraction: 0.2)", 19, 1), ("warmup(fraction: 0.2)", 60, 1),
    ("warmup(step(1, factor: 0.5), fraction: 0.2)", 9, 0.5), ("warmup(step(1, factor: 0.5), fraction: 0.2)", 29, 1),
    ("warmup(step(1, factor: 0.5), fraction: 0.2)", 30, 0.5),
    ("polynomial(2)", 50, 0.25), ("polynomial(2, minimum: 0.2)", 50, 0.4), ("polynomial(2)", 100, 0),
    ("polynomial", 25, 0.75),
    ("linear", 0, 1), ("linear", 25, 0.75), ("linear(0.5)", 50, 0.75), ("linear(0.5)", 100, 0.5),
    ("inverse-time(1)", 9, 1), ("inverse-time(1)", 10, 0.5), ("inverse-time(0.5)", 40, 1.0 / 3),
    ("inverse-square-root(4)", 0, 0.25), ("inverse-square-root(4)", 3, 1), ("inverse-square-root(4)", 15, 0.5),
  ]

  @Test("rates", arguments: rates)
  func rate(_ specification: String, _ step: Int, _ expected: Double) throws {
    let part = try make(specification)
    for base in [1, 0.1] where base == 1 || !specification.contains("minimum") && !specification.hasPrefix("linear(") {
      let context = ScheduleContext(step: step, totalSteps: 100, stepsPerEpoch: 10, baseRate: base)
      let rate = part.rate(at: context)
      // Powers and cosines are exact to a few units in the last place of 1.
      #expect(abs(rate - base * expected) <= 4e-16 * base, "\(specification) at step \(step), base \(base): \(rate)")
    }
  }

  @Test func warmupBeforeCosineIsTheCosinesOwnWarmup() throws {
    let (wrapped, own) = (try make("warmup(cosine(0.01), fraction: 0.13)"), try make("cosine(0.01, warmup: 0.13)"))
    for step in 0..<77 {
      let context = ScheduleContext(step: step, totalSteps: 77, stepsPerEpoch: 5, baseRate: 0.3)
      #expect(wrapped.rate(at: context) == own.rate(at: context), "step \(step)")
    }
  }

  @Test("rates are finite and not negative in runs of any length", arguments: [0, 1, 2, 1000])
  func oddRuns(_ totalSteps: Int) throws {
    let registry = try registry()
    for entry in registry.entries(of: "scheduler") {
      let part = try make(entry.type.example)
      for step in [0, 1, totalSteps, 10 * totalSteps] {
        for stepsPerEpoch in [0, 1, 400] {
          let context = ScheduleContext(
            step: step, totalSteps: totalSteps, stepsPerEpoch: stepsPerEpoch, baseRate: 0.1)
          let rate = part.rate(at: context)
          #expect(rate.isFinite && rate >= 0, "\(entry.name), step \(step) of \(totalSteps): \(rate)")
        }
      }
    }
  }

  @Test(
    "arguments out of range are refused",
    arguments: [
      ("step(0)", "'every' of step must be at least 1, not 0"),
      ("cosine(warmup: 1)", "'warmup' of cosine must be at least 0.0 and below 1.0, not 1"),
      ("exponential(0)", "'factor' of exponential must be above 0.0 and at most 1.0, not 0"),
      ("multi-step", "multi-step needs 'milestones' (epochs, counted from 0, at whose start the rate changes)"),
    ])
  func refused(_ specification: String, _ message: String) throws {
    let error = try #require(throws: SpecificationError.self) { try make(specification) }
    #expect("\(error)".contains(message), "\(error)")
  }

  private func registry() throws -> Registry {
    var registry = Registry()
    SchedulersPlugin.register(in: &registry)
    try registry.validate()
    return registry
  }

  private func make(_ specification: String) throws -> any Scheduler {
    try registry().make(specification, as: .scheduler, origin: "test")
  }
}
