import ArgumentParser
import Charts
import Optimizers
import Registry
import Schedulers

struct TraceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "trace",
    abstract: "Prints a scheduler's rate at each step, or the path of an optimizer, as JSON lines.",
    discussion: """
      A scheduler's steps count from 0, the step about to be taken: {"step":0,"rate":1.0}. The run has --steps steps. \
      To a scheduler that watches a figure, plateau, the figure stays what it was after the first epoch. \
      An optimizer's path has the point after each step, from step 1: {"step":1,"x":…,"y":…,"value":…}, in Float64. \
      The surfaces are quadratic, x² + 10y², and rosenbrock, (1 − x)² + 100(y − x²)².

      fledge trace 'cosine(warmup: 0.1)' --steps 100
      fledge trace 'sgd(rate: 0.01, momentum: 0.9)' --on rosenbrock --start -1.2,1 --steps 200
      """)

  @Argument(help: "A scheduler or an optimizer, such as 'adam(rate: 0.1)'.", completion: .parts)
  var specification: String
  @Option(help: "How many steps.") var steps: Int
  @Option(help: "What an optimizer goes down on.") var on: Surface = .quadratic
  @Option(parsing: .unconditional, help: ArgumentHelp("Where an optimizer starts.", valueName: "x,y"))
  var start: String?
  @Option(help: ArgumentHelp("A scheduler's base rate (default: 1), or an optimizer's rate instead of its own."))
  var rate: Double?
  @Option(help: "Steps of an epoch, for schedulers that count epochs.") var stepsPerEpoch = 1
  @Flag(help: "Draw it on the terminal instead.") var plot = false

  func validate() throws {
    guard (1...Self.greatestSteps).contains(steps) else {
      throw ValidationError("--steps must be 1 to \(Self.greatestSteps), not \(steps)")
    }
    guard stepsPerEpoch >= 1 else {
      throw ValidationError("--steps-per-epoch must be at least 1, not \(stepsPerEpoch)")
    }
    if let rate, !(rate.isFinite && rate >= 0) {
      throw ValidationError("--rate must be a number of at least 0, not \(rate)")
    }
  }

  private static let greatestSteps = 1_000_000

  func run() throws {
    let registry = try Registry.linked()
    let part = try Specification(parsing: specification, origin: "part")
    let kinds = registry.entries(named: part.name).map(\.kind)
    if kinds.contains("scheduler") {
      try trace(try registry.make(specification, as: .scheduler, origin: "part"))
    } else if kinds.contains("optimizer") {
      try trace(try registry.make(specification, as: .optimizer, origin: "part"))
    } else if let kind = kinds.first {
      throw CommandError("'\(part.name)' is of kind \(kind); trace takes a scheduler or an optimizer")
    } else {
      let names = ["scheduler", "optimizer"].map { kind in (kind, registry.entries(of: kind).map(\.name)) }
      let hint = suggestion(for: part.name, among: names.flatMap(\.1))
      let lists = names.map { "\n  \(plural($0)): \($1.joined(separator: ", "))" }.joined()
      throw CommandError("there is no scheduler or optimizer '\(part.name)'\(hint)\(lists)")
    }
  }

  private func trace(_ scheduler: any Scheduler) throws {
    var context = ScheduleContext(step: 0, totalSteps: steps, stepsPerEpoch: stepsPerEpoch, baseRate: rate ?? 1)
    let rates = (0..<steps).map { step in
      context.step = step
      // A figure that never improves shows what a scheduler does that waits for it.
      if context.history.values.count < context.epoch { context.history.values.append(1) }
      context.histories = Dictionary(scheduler.watchedFigures.map { ($0, context.history) }) { first, _ in first }
      return scheduler.rate(at: context)
    }
    if plot {
      let series = Series("rate", points: rates.enumerated().map { Series.Point(Double($0), $1) })
      return try Console.chart(MetricChart.text([series], title: specification))
    }
    var lines = Lines()
    for (step, rate) in rates.enumerated() {
      try lines.append(.object([("step", .integer(step)), ("rate", .number(rate))]))
    }
    try lines.flush()
  }

  private func trace(_ optimizer: any Optimizer) throws {
    let start = try startingPoint()
    let path = OptimizerPath(optimizer: optimizer, surface: on, start: start, rate: rate ?? optimizer.rate)
    if plot {
      var points = [Series.Point(start[0], start[1])]
      try path.forEachStep(steps) { points.append(Series.Point($0.x, $0.y)) }
      let chart = PathChart(
        paths: [Series(specification.printable, points: points)], title: "\(specification.printable) on \(on.rawValue)")
      return try Console.chart(
        chart.terminalText(width: Terminal.output.chartWidth, isColored: Terminal.output.isColored))
    }
    var lines = Lines()
    try path.forEachStep(steps) { point in
      try lines.append(
        .object([
          ("step", .integer(point.step)), ("x", .number(point.x)), ("y", .number(point.y)),
          ("value", .number(point.value)),
        ]))
    }
    try lines.flush()
  }

  private func startingPoint() throws -> [Double] {
    guard let start else { return on.start }
    let numbers = start.split(separator: ",", omittingEmptySubsequences: false).map {
      Double($0.drop { $0 == " " }) ?? .nan
    }
    guard numbers.count == 2, numbers.allSatisfy(\.isFinite) else {
      throw CommandError("--start: expected two numbers separated by a comma, such as -1.2,1, found '\(start)'")
    }
    return numbers
  }
}

/// JSON lines on standard output, written some thousand at a time.
struct Lines {
  private var waiting: [String] = []

  mutating func append(_ value: JSONValue) throws {
    waiting.append(value.description)
    if waiting.count == 4096 { try flush() }
  }

  mutating func flush() throws {
    if !waiting.isEmpty { try Console.result(waiting.joined(separator: "\n")) }
    waiting = []
  }
}
