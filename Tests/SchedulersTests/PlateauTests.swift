import Registry
import Schedulers
import Testing

/// Rates at a base rate of 1 after each of some epochs, worked out by hand from the algorithm that PyTorch documents for
/// ReduceLROnPlateau (mode by direction, threshold_mode rel, eps 1e-8).
@Suite struct PlateauTests {
  struct Row: Sendable {
    let specification: String
    let direction: MetricDirection
    let values: [Double]
    /// Before the first epoch has ended, then after each.
    let rates: [Double]
    var base = 1.0
  }

  static let rows = [
    Row(
      specification: "plateau(2)", direction: .lower, values: [1, 0.9, 0.9, 0.9, 0.9, 0.9],
      rates: [1, 1, 1, 1, 1, 0.1, 0.1]),
    // The default patience: ten bad epochs are allowed, the eleventh is not.
    Row(
      specification: "plateau", direction: .lower, values: Array(repeating: 1, count: 13),
      rates: Array(repeating: 1, count: 12) + [0.1, 0.1]),
    Row(
      specification: "plateau(0, factor: 0.5)", direction: .higher, values: [0.1, 0.2, 0.15, 0.2, 0.3],
      rates: [1, 1, 1, 0.5, 0.25, 0.25]),
    // 0.89995 is not below 0.9·(1 − 1e-4) = 0.89991, 0.8999 is.
    Row(
      specification: "plateau(0, factor: 0.5)", direction: .lower, values: [0.9, 0.89995, 0.8999],
      rates: [1, 1, 0.5, 0.5]),
    // 0.50004 is not above 0.5·(1 + 1e-4) = 0.50005, 0.5001 is.
    Row(
      specification: "plateau(0, factor: 0.5)", direction: .higher, values: [0.5, 0.50004, 0.5001],
      rates: [1, 1, 0.5, 0.5]),
    Row(
      specification: "plateau(0, factor: 0.5, threshold: 0.5)", direction: .lower, values: [1, 0.6, 0.4],
      rates: [1, 1, 0.5, 0.5]),
    Row(
      specification: "plateau(0, factor: 0.5, cooldown: 2)", direction: .lower, values: [1, 1, 1, 1, 1],
      rates: [1, 1, 0.5, 0.5, 0.5, 0.25]),
    Row(
      specification: "plateau(0, factor: 0.5, minimum: 0.3)", direction: .lower, values: [1, 1, 1, 1],
      rates: [1, 1, 0.5, 0.3, 0.3]),
    // No number is no improvement, not even as the first.
    Row(
      specification: "plateau(0, factor: 0.5)", direction: .lower, values: [.nan, 1, .nan],
      rates: [1, 0.5, 0.5, 0.25]),
    // A fall of less than 1e-8 is left out.
    Row(
      specification: "plateau(0)", direction: .lower, values: [1, 1, 1], rates: [1e-8, 1e-8, 1e-8, 1e-8], base: 1e-8),
  ]

  @Test(arguments: rows)
  func ratesAreThoseOfReduceLROnPlateau(_ row: Row) throws {
    let part = try make(row.specification)
    for (epochs, expected) in row.rates.enumerated() {
      let history = FigureHistory(row.direction, Array(row.values.prefix(epochs)))
      let rate = part.rate(
        at: ScheduleContext(
          step: 10 * epochs, totalSteps: 1000, stepsPerEpoch: 10, baseRate: row.base, history: history))
      #expect(abs(rate - expected) <= 1e-15 * expected, "\(row.specification) after \(epochs) epochs: \(rate)")
    }
  }

  @Test func itMayWatchAFigureOfItsOwnThroughAWarmUp() throws {
    let part = try make("warmup(plateau(0, factor: 0.5, metric: train.loss), fraction: 0.1)")
    #expect(part.watchedFigures == ["train.loss"])
    #expect(try make("plateau").watchedFigures == [])
    var context = ScheduleContext(
      step: 50, totalSteps: 100, stepsPerEpoch: 10, baseRate: 1, history: FigureHistory(.lower, [3, 2, 1]))
    #expect(part.rate(at: context) == 1, "the monitored figure is not its own")
    context.histories["train.loss"] = FigureHistory(.lower, [1, 1, 1])
    #expect(part.rate(at: context) == 0.25)
  }

  private func make(_ specification: String) throws -> any Scheduler {
    var registry = Registry()
    SchedulersPlugin.register(in: &registry)
    return try registry.make(specification, as: .scheduler, origin: "test")
  }
}
