import ArgumentParser
import Execution
import Experiments
import Foundation
import Orchestrator
import TrainingMetrics

struct ShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Shows all that is known of a run (recipe, figures, checkpoints, kernels, machine) or of a group.")

  @OptionGroup var reference: EntryReference
  @OptionGroup var storage: StoreOptions
  @OptionGroup var output: OutputOptions

  func run() throws {
    let store = try storage.open()
    switch try store.entry(matching: reference.name) {
    case .run(let run): try show(run, store)
    case .group(let group):
      let report = GroupReport(group, figures: try store.figures(ofGroup: group.id))
      try Console.result(output.json ? JSONValue.object(report.members).description : report.text)
    }
  }

  private func show(_ run: RunRecord, _ store: ExperimentStore) throws {
    let metrics = try store.metricSummaries(ofRun: run.id)
    let tables = try store.tables(ofRun: run.id)
    let checkpoints = try store.checkpoints(ofRun: run.id)
    let changes = try store.changes(ofRun: run.id)
    let choices = try checkpoints.last.map { try run.kernelChoices(atStep: $0.step, in: store) } ?? KernelChoices()
    try Console.result(
      output.json
        ? json(run, changes, metrics, tables, checkpoints, choices).description
        : text(run, changes, metrics, tables, checkpoints, choices))
  }

  private func json(
    _ run: RunRecord, _ changes: [RunChange], _ metrics: [MetricSummary], _ tables: [StoredTable],
    _ checkpoints: [CheckpointInfo],
    _ choices: KernelChoices
  ) -> JSONValue {
    .object([
      ("id", .text(run.id)), ("name", .optional(run.name)), ("note", .optional(run.note)), ("tags", .texts(run.tags)),
      (
        "origin",
        run.origin.map { .object([("run", .text($0.run)), ("step", .integer($0.step))]) } ?? .null
      ),
      ("group", .optional(run.group)), ("member", run.member.map(JSONValue.integer) ?? .null),
      ("status", .text(run.status.rawValue)), ("reason", .optional(run.stopReason)),
      ("created", .date(run.created)), ("finished", .date(run.finished)), ("duration", .number(run.wallTimeSeconds)),
      ("epochs", .integer(run.epochs)), ("steps", .integer(run.totalSteps)), ("seed", .text(String(run.seed))),
      ("backend", .text(run.backend)), ("threads", .integer(run.threads)), ("host", .text(run.host)),
      ("memory", .integer(run.peakMemoryBytes)), ("revision", .optional(run.gitRevision)),
      ("versions", .object(run.versions.mapValues(JSONValue.text))),
      ("metrics", .array(metrics.map(MetricsCommand.json))),
      (
        "tables",
        .array(
          tables.map { table in
            MetricTable(table).json([
              ("split", .text(table.split)), ("step", .integer(table.step)), ("epoch", .integer(table.epoch)),
            ])
          })
      ),
      ("checkpoints", .array(checkpoints.map(CheckpointsCommand.json))),
      (
        "kernels",
        .array(
          choices.sorted.map { key, choice in
            .object([
              ("operation", .text(key.operation)), ("shape", .text(key.shape)), ("algorithm", .text(choice.algorithm)),
            ])
          })
      ),
      ("recipe", .text(run.recipeYAML)),
      (
        "changes",
        .array(
          changes.map { change in
            .object([
              ("step", .integer(change.step)), ("path", .text(change.path)), ("old", .text(change.old)),
              ("new", .text(change.new)),
            ])
          })
      ),
    ])
  }

  private func text(
    _ run: RunRecord, _ changes: [RunChange], _ metrics: [MetricSummary], _ tables: [StoredTable],
    _ checkpoints: [CheckpointInfo],
    _ choices: KernelChoices
  ) -> String {
    let status = run.status.rawValue + (run.stopReason.map { ": \($0)" } ?? "")
    let facts: [(String, String?)] = [
      ("run", run.id + (run.name.map { " (\($0))" } ?? "")),
      ("note", run.note),
      ("origin", run.origin.map { "forked from \($0.run) at step \($0.step)" }),
      ("group", run.group.map { group in group + (run.member.map { ", member \($0)" } ?? "") }),
      ("tags", run.tags.isEmpty ? nil : run.tags.joined(separator: ", ")),
      ("status", status),
      ("created", Formatting.date(run.created)),
      ("finished", run.finished.map(Formatting.date)),
      (
        "trained",
        [
          Formatting.count(run.epochs, "epoch"), Formatting.count(run.totalSteps, "step"),
          Formatting.duration(run.wallTimeSeconds),
        ].joined(separator: ", ")
      ),
      ("memory", run.peakMemoryBytes > 0 ? "\(Formatting.bytes(run.peakMemoryBytes)) at most" : nil),
      ("machine", "\(run.host), backend \(run.backend), \(Formatting.count(run.threads, "thread"))"),
      ("seed", String(run.seed)),
      ("revision", run.gitRevision),
      ("versions", run.versions.sorted { $0.key < $1.key }.map { "\($0) \($1)" }.joined(separator: ", ")),
    ]
    var sections = [
      facts.compactMap { name, value in
        value.flatMap { $0.isEmpty ? nil : name.padding(toLength: 10, withPad: " ", startingAt: 0) + $0.printable }
      }.joined(separator: "\n")
    ]
    sections.append("recipe\n" + run.recipeYAML.split(separator: "\n").map { "  \($0)" }.joined(separator: "\n"))
    if !changes.isEmpty {
      var table = Table(["changed after step", "key", "from", "to"], [.right, .left, .left, .left])
      table.rows = changes.map { [String($0.step), $0.path, $0.old, $0.new] }
      sections.append(table.text)
    }
    if !metrics.isEmpty { sections.append(MetricsCommand.text(metrics)) }
    for table in tables {
      sections.append("\(table.split) \(table.name), step \(table.step)\n\(MetricTable(table).text)")
    }
    if !checkpoints.isEmpty { sections.append(CheckpointsCommand.text(checkpoints)) }
    if !choices.isEmpty {
      var table = Table(["kernel", "of", "algorithm"], [.left, .left, .left])
      table.rows = choices.sorted.map { key, choice in [key.operation, key.shape, choice.algorithm] }
      sections.append(table.text)
    }
    return sections.joined(separator: "\n\n")
  }
}
