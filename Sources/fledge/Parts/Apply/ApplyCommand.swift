import ArgumentParser
import Augmentations
import Execution
import Initializers
import Layers
import Losses
import Orchestrator
import Registry
import Regularizers
import Tensors
import TrainingMetrics

struct ApplyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "apply",
    abstract: "Runs one part on numbers that you give, and prints what comes out.",
    discussion: """
      Activations, layers (also several, separated by commas), losses, metrics, regularizers and augmentations print
      {"output":…}, and with --gradient also "gradient": that of the output's sum with respect to the input.
      Initializers take --shape and print the statistics of a draw. Shapes are as in training: layers take a batch,
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
  @Option(help: "What computes.", completion: .parts(of: "backend")) var backend = "reference"
  @Option(help: "First values of a layer's weights.", completion: .parts(of: "initializer"))
  var initializer = Recipe().initializer
  @Option(help: "The kind, where parts of several kinds have the name.", completion: .kinds) var kind: String?

  func run() throws {
    let registry = try Registry.linked()
    let parts = try Specification.parseSequence(specification, origin: "part")
    guard let first = parts.first else { throw CommandError("name the part to apply, such as relu") }
    let kind = try kind.map { try registry.kind(named: $0) } ?? guessedKind(of: first.name, registry)
    if parts.count > 1, !["layer", "activation"].contains(kind) {
      throw CommandError("only layers and activations can be applied one after another")
    }
    let part = try make(first, parts, kind, registry)
    try Console.result(result(part, registry))
  }

  /// The kinds that can be applied; of several parts with one name the first kind's is meant.
  private static let kinds = [
    "activation", "layer", "loss", "augmentation", "initializer", "metric", "regularizer",
  ]

  private func guessedKind(of name: String, _ registry: Registry) throws -> String {
    let found = registry.entries(named: name).map(\.kind)
    let preferred = shape == nil ? Self.kinds : ["initializer"] + Self.kinds
    if let kind = preferred.first(where: found.contains) { return kind }
    if found.contains("optimizer") || found.contains("scheduler") {
      throw CommandError("'\(name)' cannot be applied to numbers; 'fledge trace' shows what it does")
    }
    if let kind = found.first { throw CommandError("'\(name)' is of kind \(kind), which cannot be applied to numbers") }
    return "layer"
  }

  private func make(
    _ first: Specification, _ parts: [Specification], _ kind: String, _ registry: Registry
  ) throws -> any Component {
    do {
      switch kind {
      case "layer", "activation":
        return SequenceLayer(try parts.map { try registry.make($0, as: .transform) })
      case "loss": return try registry.make(first, as: .loss)
      case "augmentation": return try registry.make(first, as: .augmentation)
      case "initializer": return try registry.make(first, as: .initializer)
      case "metric": return try registry.make(first, as: .metric)
      case "regularizer": return try registry.make(first, as: .regularizer)
      default: throw CommandError("parts of kind \(kind) cannot be applied; \(Self.kinds.joined(separator: ", ")) can")
      }
    } catch let error as SpecificationError {
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
