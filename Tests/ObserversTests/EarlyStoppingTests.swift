import Observers
import Registry
import Testing

@Suite struct EarlyStoppingTests {
  private static let figures = RunFigures(
    [FigureDeclaration("train.loss", .lower), FigureDeclaration("validation.accuracy", .higher)],
    monitored: FigureDeclaration("validation.accuracy", .higher))

  private func observer(_ specification: String) throws -> any TrainingObserver {
    var registry = Registry()
    ObserversPlugin.register(in: &registry)
    return try registry.make(specification, as: .observer, origin: "test").makeObserver(figures: Self.figures)
  }

  private func epoch(_ number: Int, loss: Double, accuracy: Double) -> TrainingEvent {
    .epochEnded(
      EpochReport(
        epoch: number, step: number, training: [Figure("loss", loss, .lower)],
        validation: [Figure("accuracy", accuracy, .higher)], seconds: 1))
  }

  @Test(
    "stops",
    arguments: [
      ("early-stopping(2)", [0.5, 0.5, 0.5], 3), ("early-stopping(2)", [0.5, 0.4, 0.6, 0.6, 0.6], 5),
      ("early-stopping(1, minimum-delta: 0.1)", [0.5, 0.65, 0.7], 3), ("early-stopping(2)", [0.5, .nan, .nan], 3),
      ("early-stopping(2)", [0.1, 0.2, 0.3, 0.4], nil),
      ("early-stopping(2, metric: train.loss)", [0.1, 0.2, 0.3], 3),
    ] as [(String, [Double], Int?)])
  func stops(_ specification: String, _ values: [Double], _ expected: Int?) throws {
    let observer = try observer(specification)
    let stop = try values.indices.first {
      try observer.observe(epoch($0 + 1, loss: values[$0], accuracy: values[$0])) != .goOn
    }
    #expect(stop.map { $0 + 1 } == expected)
  }

  @Test func aFigureThatTheRunDoesNotHaveIsRefused() {
    #expect(
      throws: FigureError.unknown(
        "validation.acuracy", asker: "early-stopping", existing: ["train.loss", "validation.accuracy"])
    ) { _ = try observer("early-stopping(metric: validation.acuracy)") }
    let error = FigureError.unknown("train.los", asker: "early-stopping", existing: ["train.loss"])
    #expect(error.description.contains("did you mean 'train.loss'?"))
  }

  /// The best of another figure, which was watched before, is not taken up.
  @Test func aStateOfAnotherFigureIsLeft() throws {
    let first = try observer("early-stopping(1, metric: train.loss)")
    _ = try first.observe(epoch(1, loss: 0.1, accuracy: 0.1))
    let second = try observer("early-stopping(1)")
    try second.restore(first.state)
    #expect(try second.observe(epoch(2, loss: 0.2, accuracy: 0.05)) == .goOn)
    #expect(try second.observe(epoch(3, loss: 0.2, accuracy: 0.05)) != .goOn)
  }
}
