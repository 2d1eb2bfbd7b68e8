import ArgumentParser
import Experiments
import Foundation
import Orchestrator

struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Writes a run's weights to a file that other programs read.",
    discussion: """
      Names and layouts are those of a PyTorch nn.Sequential with the same layers: 0.weight as [out, in] or \
      [out, in, height, width], 1.running_mean …

      fledge export last --format safetensors -o model.safetensors
      """)

  enum Format: String, CaseIterable, ExpressibleByArgument { case safetensors }

  @OptionGroup var reference: RunReference
  @Option(help: "The format.") var format: Format = .safetensors
  @Option(name: [.customShort("o"), .customLong("output")], help: "The file to write.", completion: .file())
  var path: String
  @Option(help: ArgumentHelp("Which weights: best, last or a step.", valueName: "checkpoint"))
  var checkpoint: CheckpointChoice = .automatic
  @OptionGroup var storage: StoreOptions
  @OptionGroup var output: OutputOptions

  func run() throws {
    let store = try storage.open()
    let run = try store.run(matching: reference.run)
    let weights = try Orchestrator.linked().weights(of: run, in: store, checkpoint: checkpoint.selection ?? .best)
    var file = SafetensorsFile(metadata: ["format": "pt", "run": run.id, "fledge": fledgeVersion])
    for tensor in weights { try file.append(tensor.name, shape: tensor.shape, floats: tensor.elements) }
    try file.write(to: path)
    let bytes = file.bytes.count
    if output.json {
      return try Console.result(
        JSONValue.object([
          ("run", .text(run.id)), ("file", .text(path)), ("bytes", .integer(bytes)),
          (
            "tensors",
            .array(
              weights.map { tensor in
                .object([
                  ("name", .text(tensor.name)), ("shape", .array(tensor.shape.map(JSONValue.integer))),
                ])
              })
          ),
        ]))
    }
    try Console.result("wrote \(weights.count) tensors of run \(run.id), \(Formatting.bytes(bytes)), to \(path)")
  }
}
