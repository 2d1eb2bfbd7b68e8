import ArgumentParser
import Augmentations
import Execution
import Initializers
import Layers
import Losses
import Optimizers
import Orchestrator
import Registry
import Schedulers
import Tensors
import TrainingMetrics

struct ApplyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "apply",
    abstract: "Runs one part on numbers that you give, and prints what comes out.",
    discussion: """
      Activations, layers (also several, separated by commas), losses, metrics, augmentations, regularizers and other \
      functions of a tensor print {"output":…}, and with --gradient also "gradient": that of the output's sum with \
      respect to the input.
      Initializers take --shape and print the statistics of a draw. Shapes are as in training: layers take a batch, \
      images are [channels, height, width] for augmentations and [batch, channels, height, width] for layers.

      fledge apply 'leaky-relu(0.1)' --input '[-1, 2]' --gradient
      fledge apply softmax-cross-entropy --input '[[2, 1]]' --target '[0]'
      fledge apply he-normal --shape 256,128
      """)

  @Argument(help: "The part, such as 'leaky-relu(0.1)'.", completion: .parts) var specification: String
  @Option(parsing: .unconditional, help: "A number or nested lists in JSON; @FILE reads a file.") var input: String?
  @Option(parsing: .unconditional, help: "What a loss or metric compares with: class indices or numbers, as JSON.")
  var target: String?
  @Option(help: ArgumentHelp("Shape of the weight that an initializer fills: outputs,inputs,…", valueName: "sizes"))
  var shape: String?
  @Flag(help: "Print the gradient as well.") var gradient = false
  @Flag(help: "As in training: dropout drops, batch-norm takes the batch's own moments.") var training = false
  @Option(help: "What random numbers follow from.") var seed: UInt64 = 0
  @Option(help: "What computes.", completion: .parts(of: ["backend"])) var backend = "reference"
  @Option(help: "First values of a layer's weights.", completion: .parts(of: ["initializer"]))
  var initializer = Recipe().initializer
  @Option(help: "The kind, where parts of several kinds have the name.", completion: .kinds) var kind: String?

  func run() throws {
    let registry = try Registry.linked()
    let parts = try Specification.parseSequence(specification, origin: "part")
    guard let first = parts.first else { throw CommandError("name the part to apply, such as relu") }
    let entry = try entry(of: first, registry)
    if parts.count > 1, !(entry.type is any Transform.Type) {
      throw CommandError("only layers and activations can be applied one after another")
    }
    try Console.result(result(make(first, entry, parts, registry), registry))
  }

  /// Of several parts with one name, the first kind's that can be applied.
  private func entry(of part: Specification, _ registry: Registry) throws -> Registry.Entry {
    let kind = try kind.map { try registry.kind(named: $0) }
    // A name that no part has is most likely a layer's.
    if kind == nil, registry.entries(named: part.name).isEmpty { _ = try layers([part], registry) }
    let found = try registry.parts(named: part.name, kind: kind)
    let applicable = found.filter { Self.isApplicable($0.type) }
    let initializer = applicable.first { $0.type is any Initializer.Type }
    if let entry = shape == nil ? applicable.first : initializer ?? applicable.first { return entry }
    if found.contains(where: { $0.type is any Optimizer.Type || $0.type is any Scheduler.Type }) {
      throw CommandError("'\(part.name)' cannot be applied to numbers; 'fledge trace' shows what it does")
    }
    throw CommandError("'\(part.name)' is of kind \(found[0].kind), which cannot be applied to numbers")
  }

  private static func isApplicable(_ type: any Component.Type) -> Bool {
    type is any Transform.Type || type is any TensorFunction.Type || type is any Loss.Type || type is any Metric.Type
      || type is any Augmentation.Type || type is any Initializer.Type
  }

  private func make(
    _ first: Specification, _ entry: Registry.Entry, _ parts: [Specification], _ registry: Registry
  ) throws -> any Component {
    if entry.type is any Transform.Type { return try layers(parts, registry) }
    return try saidOfText { () throws(SpecificationError) in try registry.make(first, entry) }
  }

  private func layers(_ parts: [Specification], _ registry: Registry) throws -> SequenceLayer {
    SequenceLayer(
      try parts.map { part in
        try saidOfText { () throws(SpecificationError) in try registry.make(part, as: .transform) }
      })
  }

  /// Shows errors with the text that the user wrote.
  private func saidOfText<Part>(_ make: () throws(SpecificationError) -> Part) throws -> Part {
    do throws(SpecificationError) {
      return try make()
    } catch {
      throw error.said(of: SpecificationError.Source(text: specification, origin: "part"))
    }
  }

  private func result(_ part: any Component, _ registry: Registry) throws -> JSONValue {
    switch part {
    case let part as any Initializer:
      try refuse([("--input", input != nil), ("--target", target != nil), ("--gradient", gradient)], "an initializer")
      guard let shape else { throw CommandError("an initializer needs --shape, such as --shape 256,128") }
      return try Draw(part, shape: shape, seed: seed).json
    case let part as any Augmentation:
      try refuse(
        [("--shape", shape != nil), ("--target", target != nil), ("--gradient", gradient)], "an augmentation")
      return try .object([("output", part.augmented(needed(input, "--input"), seed: seed).json)])
    default:
      try refuse([("--shape", shape != nil)], "this part")
      var application = Application(
        input: try needed(input, "--input"), phase: training ? .training : .inference, seed: seed,
        backend: try registry.make(backend, as: .backend, origin: "--backend"),
        initializer: try registry.make(initializer, as: .initializer, origin: "--initializer"))
      if part is any Loss || part is any Metric {
        application.target = try needed(target, "--target")
      } else {
        try refuse([("--target", target != nil)], "this part")
      }
      return try application.run(part, withGradient: gradient)
    }
  }

  private func needed(_ text: String?, _ option: String) throws -> Tensor {
    guard let text else { throw CommandError("\(specification) needs \(option), such as \(option) '[1, 2]'") }
    return try Tensor(json: text, origin: option)
  }

  private func refuse(_ options: [(name: String, isGiven: Bool)], _ what: String) throws {
    if let option = options.first(where: \.isGiven) { throw CommandError("\(what) takes no \(option.name)") }
  }
}
