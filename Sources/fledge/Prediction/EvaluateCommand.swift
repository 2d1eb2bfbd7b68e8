import ArgumentParser
import Experiments
import Foundation
import Orchestrator
import Registry
import TrainingMetrics

struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate", abstract: "Measures a run's model on a split of its dataset.")

  @OptionGroup var reference: RunReference
  @Option(help: "The examples: train, validation or test.") var split: Split = .test
  @Option(help: ArgumentHelp("Which weights: best, last or a step.", valueName: "checkpoint"))
  var checkpoint: CheckpointChoice = .automatic
  @OptionGroup var computing: InferenceOptions
  @OptionGroup var storage: StoreOptions
  @OptionGroup var output: OutputOptions

  func run() throws {
    let store = try storage.open()
    let evaluation = try Orchestrator.linked().evaluate(
      store.run(matching: reference.run), in: store, checkpoint: checkpoint.selection ?? .best, split: split,
      backend: computing.backend)
    if output.json {
      return try Console.result(
        JSONValue.object([
          ("run", .text(evaluation.run)), ("step", .integer(evaluation.step)),
          ("split", .text(evaluation.split.rawValue)), ("examples", .integer(evaluation.examples)),
          ("figures", .object(evaluation.figures.mapValues(JSONValue.number))),
          ("tables", .array(evaluation.tables.map { $0.json() })),
        ]))
    }
    let figures = evaluation.figures.sorted { $0.key < $1.key }.map { "\($0.key) \(Formatting.number($0.value))" }
    let line =
      "run \(evaluation.run), step \(evaluation.step), \(evaluation.examples) \(evaluation.split.rawValue) examples: "
      + figures.joined(separator: ", ")
    try Console.result(([line] + evaluation.tables.map { "\($0.name)\n\($0.text)" }).joined(separator: "\n\n"))
  }
}

extension Orchestrator {
  /// The orchestrator of all linked parts, in this process's environment.
  static func linked() throws -> Orchestrator {
    Orchestrator(registry: try Registry.linked(), environment: ProcessInfo.processInfo.environment)
  }
}
