import ArgumentParser
import Experiments
import Orchestrator
import Tensors

struct PredictCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "predict",
    abstract: "Predicts what files hold, with the model of a run.",
    discussion: """
      Files may be IDX images, binary PGM and PPM images, JSON arrays (one example, or a list of them) and CSV rows of \
      numbers without a label; all may be compressed by gzip. Images are as in training: values 0 to 255.
      """)

  @OptionGroup var reference: RunReference
  @Argument(help: "What to predict.", completion: .file()) var files: [String]
  @Option(help: ArgumentHelp("Which weights: best, last or a step.", valueName: "checkpoint"))
  var checkpoint: CheckpointChoice = .automatic
  @OptionGroup var computing: InferenceOptions
  @Option(help: "Predict at most so many examples of each file.") var limit: Int?
  @OptionGroup var storage: StoreOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    if files.isEmpty { throw ValidationError("name at least one file to predict") }
    if let limit, limit < 1 { throw ValidationError("--limit must be at least 1, not \(limit)") }
  }

  func run() throws {
    let store = try storage.open()
    let model = try Orchestrator.linked().load(
      store.run(matching: reference.run), in: store, checkpoint: checkpoint.selection ?? .best,
      backend: computing.backend)
    var rows: [Row] = []
    for file in files {
      let examples = try ExampleFile(file).examples(of: model.inputShape, limit: limit)
      for start in stride(from: 0, to: examples.count, by: Self.chunk) {
        let part = Array(examples[start..<min(start + Self.chunk, examples.count)])
        rows += try model.predict(part).enumerated().map { Row(file: file, index: start + $0, prediction: $1) }
      }
    }
    try Console.result(output.json ? JSONValue.array(rows.map(\.json)).lines : Self.text(rows))
  }

  /// Examples that are in memory as floats at a time.
  private static let chunk = 1024

  private static func text(_ rows: [Row]) -> String {
    let hasClasses = rows.contains { $0.prediction.classIndex != nil }
    let (one, all) =
      switch rows.first?.prediction.meaning {
      case .probabilities: ("probability", "probabilities")
      case .scores: ("score", "scores")
      default: ("output", "outputs")
      }
    var table = Table(
      ["file", "example"] + (hasClasses ? ["class", one] : [all]),
      [.left, .right, .left, hasClasses ? .right : .left])
    table.rows = rows.map { row in
      [row.file, String(row.index)]
        + (hasClasses
          ? [row.className, Formatting.figure(row.value?.doubles.first ?? .nan)]
          : [row.prediction.values.doubles.map(Formatting.number).joined(separator: ", ")])
    }
    return table.text
  }
}

/// What the model says of one example of a file.
private struct Row {
  let file: String
  let index: Int
  let prediction: LoadedModel.Prediction

  var className: String { prediction.className ?? prediction.classIndex.map(String.init) ?? "" }

  /// Of the class: its probability or score.
  var value: Tensor? { prediction.classIndex.flatMap { prediction.values.gathering([$0]).reshaped(.scalar) } }

  var json: JSONValue {
    var members: [(String, JSONValue)] = [("file", .text(file)), ("index", .integer(index))]
    if let classIndex = prediction.classIndex {
      members += [("class", .optional(prediction.className)), ("classIndex", .integer(classIndex))]
    }
    switch prediction.meaning {
    case .probabilities:
      if let value { members.append(("probability", value.json)) }
      members.append(("probabilities", prediction.values.json))
    case .scores: if let value { members.append(("score", value.json)) }
    case .numbers: break
    }
    return .object(members + [("outputs", prediction.outputs.json)])
  }
}
