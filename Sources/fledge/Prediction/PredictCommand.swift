import ArgumentParser
import Experiments
import Orchestrator
import Tensors

struct PredictCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "predict",
    abstract: "Predicts what files hold, with the model of a run.",
    discussion: """
      Files may be IDX images, binary PGM and PPM images, JSON arrays (one example, or a list of them) and CSV rows of
      numbers without a label; all may be compressed by gzip. Images are as in training: values 0 to 255.
      """)

  @OptionGroup var reference: RunReference
  @Argument(help: "What to predict.", completion: .file()) var files: [String]
  @Option(help: ArgumentHelp("Which weights: best, last or a step.", valueName: "checkpoint"))
  var checkpoint: CheckpointChoice = .automatic
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
      store.run(matching: reference.run), in: store, checkpoint: checkpoint.selection ?? .best)
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
    var table = Table(
      ["file", "example"] + (hasClasses ? ["class", "probability"] : ["outputs"]),
      [.left, .right, .left, hasClasses ? .right : .left])
    table.rows = rows.map { row in
      [row.file, String(row.index)]
        + (hasClasses
          ? [row.className, Formatting.figure(row.probability ?? .nan)]
          : [row.prediction.outputs.doubles.map(Formatting.number).joined(separator: ", ")])
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

  /// Of the class.
  var probability: Double? {
    guard let index = prediction.classIndex, let all = prediction.probabilities else { return nil }
    return all.indices.contains(index) ? all[index] : nil
  }

  var json: JSONValue {
    var members: [(String, JSONValue)] = [("file", .text(file)), ("index", .integer(index))]
    if let classIndex = prediction.classIndex {
      members += [
        ("class", .optional(prediction.className)), ("classIndex", .integer(classIndex)),
        ("probability", .optional(probability)),
        ("probabilities", .array((prediction.probabilities ?? []).map(JSONValue.number))),
      ]
    }
    return .object(members + [("outputs", prediction.outputs.json)])
  }
}
