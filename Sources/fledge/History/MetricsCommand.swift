import ArgumentParser
import Experiments
import Registry

struct MetricsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "metrics",
    abstract: "Shows the figures of a run: of each metric the last and the extremes, or all points of one.",
    discussion: "With --name and --json: [{\"step\":1,\"epoch\":1,\"value\":0.5}, …].")

  @OptionGroup var reference: RunReference
  @Option(help: ArgumentHelp("All points of this metric, such as train.loss.", valueName: "metric")) var name: String?
  @Flag(help: "Draw the metric over steps; without --name, the losses.") var plot = false
  @OptionGroup var storage: StoreOptions
  @OptionGroup var output: OutputOptions

  func run() throws {
    let store = try storage.open()
    if plot { return try draw(store) }
    if let name {
      let points = try store.metrics(ofRun: reference.run, name: name)
      try Console.result(output.json ? Self.json(points).lines : Self.text(points))
    } else {
      let summaries = try store.metricSummaries(ofRun: reference.run)
      let text = output.json ? JSONValue.array(summaries.map(Self.json)).lines : Self.text(summaries)
      try Console.result(summaries.isEmpty && !output.json ? "no metrics" : text)
    }
  }

  private func draw(_ store: ExperimentStore) throws {
    if let name {
      let points = try store.metrics(ofRun: reference.run, name: name)
      let best = try store.metricSummaries(ofRun: reference.run).first { $0.name == name }?.best
      let title = name + (best.map { ", best \(Formatting.number($0))" } ?? "")
      return try Console.chart(MetricChart.text([MetricChart.series(name, points)], title: title))
    }
    guard let chart = try LossChart(ofRun: reference.run, in: store).text else {
      throw CommandError("run \(reference.run) has too few losses to draw; name a metric with --name")
    }
    try Console.chart(chart)
  }

  func validate() throws {
    if plot, output.json { throw ValidationError("--plot and --json exclude each other") }
  }

  static func json(_ summary: MetricSummary) -> JSONValue {
    .object([
      ("name", .text(summary.name)), ("last", .number(summary.last)), ("best", .optional(summary.best)),
      ("minimum", .number(summary.minimum)), ("maximum", .number(summary.maximum)),
      ("count", .integer(summary.count)), ("lastStep", .integer(summary.lastStep)),
      ("direction", .text(summary.direction.rawValue)),
    ])
  }

  static func text(_ summaries: [MetricSummary]) -> String {
    var table = Table(
      ["metric", "last", "best", "minimum", "maximum", "points", "last step"],
      [.left, .right, .right, .right, .right, .right, .right])
    table.rows = summaries.map { summary in
      [summary.name, Formatting.number(summary.last), summary.best.map(Formatting.number) ?? "–"]
        + [summary.minimum, summary.maximum].map(Formatting.number) + [String(summary.count), String(summary.lastStep)]
    }
    return table.text
  }

  private static func json(_ points: [MetricPoint]) -> JSONValue {
    .array(
      points.map { point in
        .object([("step", .integer(point.step)), ("epoch", .integer(point.epoch)), ("value", .number(point.value))])
      })
  }

  private static func text(_ points: [MetricPoint]) -> String {
    var table = Table(["step", "epoch", "value"], [.right, .right, .right])
    table.rows = points.map { [String($0.step), String($0.epoch), Formatting.number($0.value)] }
    return table.text
  }
}
