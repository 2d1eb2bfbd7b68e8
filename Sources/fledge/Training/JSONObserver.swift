import Experiments
import Orchestrator

/// Prints what happens as JSON lines; of the steps, those that the recipe logs.
final class JSONObserver: TrainingObserver {
  func observe(_ event: TrainingEvent) throws -> TrainingDecision {
    switch event {
    case .started(let start): try print("started", members(start))
    case .stepped(let report) where report.isLogged: try print("step", members(report))
    case .stepped: break
    case .evaluated(let report):
      try print(
        "evaluated",
        [
          ("epoch", .integer(report.epoch)), ("step", .integer(report.step)), ("split", .text(report.split.rawValue)),
          ("figures", Self.json(report.figures)),
        ])
    case .epochEnded(let report): try print("epoch", members(report))
    case .saved(let step, let isBest): try print("saved", [("step", .integer(step)), ("best", .bool(isBest))])
    case .warned(let text): try print("warning", [("text", .text(text))])
    case .finished(let outcome): try print("finished", members(outcome))
    }
    return .goOn
  }

  /// Which run of a group comes now.
  func tell(_ start: MemberStart) throws {
    try print(
      "member",
      [
        ("group", .text(start.group)), ("member", .integer(start.position)), ("count", .integer(start.count)),
        ("values", .object(start.values.mapValues(JSONValue.text))),
      ])
  }

  private func print(_ event: String, _ members: [(String, JSONValue)]) throws {
    try Console.result(JSONValue.object([("event", .text(event))] + members))
  }

  private func members(_ start: TrainingStart) -> [(String, JSONValue)] {
    [
      ("run", .text(start.runID)), ("name", .optional(start.name)), ("resumed", .bool(start.isResumed)),
      ("parameters", .integer(start.parameterCount)), ("epochs", .integer(start.epochs)),
      ("stepsPerEpoch", .integer(start.stepsPerEpoch)), ("totalSteps", .integer(start.totalSteps)),
      ("firstStep", .integer(start.firstStep)),
      (
        "examples",
        .object(Split.allCases.compactMap { split in start.examples[split].map { (split.rawValue, .integer($0)) } })
      ),
      ("recipe", .text(start.recipe)),
    ]
  }

  private func members(_ report: StepReport) -> [(String, JSONValue)] {
    [("step", .integer(report.step)), ("epoch", .integer(report.epoch)), ("loss", .number(report.loss))]
      + report.metrics.map { ($0.name, .number($0.value)) }
      + [("rate", .number(report.rate)), ("examplesPerSecond", .number(report.examplesPerSecond))]
  }

  private func members(_ report: EpochReport) -> [(String, JSONValue)] {
    [
      ("epoch", .integer(report.epoch)), ("step", .integer(report.step)), ("train", Self.json(report.training)),
      ("validation", Self.json(report.validation)), ("seconds", .number(report.seconds)),
      ("best", .bool(report.isBest)),
    ]
  }

  private func members(_ outcome: TrainingOutcome) -> [(String, JSONValue)] {
    [
      ("run", .text(outcome.runID)), ("name", .optional(outcome.name)), ("status", .text(outcome.status.rawValue)),
      ("reason", .optional(outcome.stopReason)), ("epochs", .integer(outcome.epochs)),
      ("steps", .integer(outcome.steps)), ("seconds", .number(outcome.seconds)),
      ("bestStep", outcome.bestStep.map(JSONValue.integer) ?? .null),
      ("figures", .object(outcome.figures.mapValues(JSONValue.number))),
    ]
  }

  private static func json(_ figures: [Figure]) -> JSONValue {
    .object(figures.map { ($0.name, .number($0.value)) })
  }
}
