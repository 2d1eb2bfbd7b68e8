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

  /// Every step of a run and some after it, with several base rates and histories of the monitored figure.
  private static func contexts(total: Int, epoch: Int) -> [ScheduleContext] {
    (0...total + 2).flatMap { step in
      [0, 1e-3, 1].flatMap { rate in
        histories.map { history in
          ScheduleContext(step: step, totalSteps: total, stepsPerEpoch: epoch, baseRate: rate, history: history)
        }
      }
    }
  }

  /// None, one that rises, one that rests, and one that holds numbers that are none.
  private static let histories = [
    FigureHistory(), FigureHistory(.higher, [0.1, 0.2, 0.3]), FigureHistory(.lower, Array(repeating: 0.5, count: 40)),
    FigureHistory(.lower, [.nan, 1, .infinity, .nan, -1]),
  ]

  private func schedulers(_ entry: Registry.Entry) throws -> [(title: String, part: any Scheduler)] {
    try variants(of: entry).compactMap { variant in (variant.part as? any Scheduler).map { (variant.title, $0) } }
  }

  private func place(_ context: ScheduleContext) -> String {
    "step \(context.step) of \(context.totalSteps), \(context.stepsPerEpoch) an epoch, base rate \(context.baseRate), "
      + "history \(context.history.values)"
  }
}
