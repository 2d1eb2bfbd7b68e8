import Registry
import Schedulers

extension ConformanceSuite {
  func schedulerChecks(_ entry: Registry.Entry) -> [CheckResult] {
    let contexts = Self.runs.flatMap(Self.contexts)
    return [
      result(entry, "rates") {
        for (title, part) in try schedulers(entry) {
          for context in contexts {
            let rate = part.rate(at: context)
            guard rate.isFinite, rate >= 0 else { throw Failure("\(title) at \(place(context)): the rate is \(rate)") }
          }
        }
        return "\(contexts.count) contexts"
      },
      result(entry, "pure") {
        for (title, part) in try schedulers(entry) {
          let forwards = contexts.map(part.rate)
          let backwards = Array(contexts.reversed().map(part.rate).reversed())
          for (context, rates) in zip(contexts, zip(forwards, backwards)) where rates.0.bitPattern != rates.1.bitPattern
          {
            throw Failure("\(title) at \(place(context)): the rate is \(rates.0), and asked again \(rates.1)")
          }
        }
        return "asked twice, in both orders"
      },
    ]
  }

  /// Steps of the run and of an epoch: plain, uneven, of one step, and of none.
  private static let runs = [(total: 60, epoch: 10), (7, 3), (5, 100), (1, 1), (0, 0)]

  /// Every step of a run and some after it, with several base rates and validation figures.
  private static func contexts(total: Int, epoch: Int) -> [ScheduleContext] {
    (0...total + 2).flatMap { step in
      [0, 1e-3, 1].flatMap { rate in
        [nil, 0.5, .nan].map { validation in
          ScheduleContext(
            step: step, totalSteps: total, stepsPerEpoch: epoch, baseRate: rate, lastValidation: validation)
        }
      }
    }
  }

  private func schedulers(_ entry: Registry.Entry) throws -> [(title: String, part: any Scheduler)] {
    try variants(of: entry).compactMap { variant in (variant.part as? any Scheduler).map { (variant.title, $0) } }
  }

  private func place(_ context: ScheduleContext) -> String {
    "step \(context.step) of \(context.totalSteps), \(context.stepsPerEpoch) an epoch, base rate \(context.baseRate), "
      + "last validation \(context.lastValidation.map { "\($0)" } ?? "none")"
  }
}
