import Execution
import Experiments
import Losses
public import Tensors

/// A trained model, ready to predict. Used by one thread at a time.
public final class LoadedModel {
  public let runID: String
  /// Of the checkpoint.
  public let step: Int
  /// One name a class; nil for a model of numbers.
  public let classNames: [String]?
  private let session: any Session
  private let batch: Int
  private let preprocessing: Preprocessing
  private let model: Model
  private let loss: any Loss
  /// By the number of examples that they take.
  private var programs: [Int: (program: any Program, meaning: OutputMeaning)] = [:]

  init(_ parts: InferenceParts, preprocessing: Preprocessing, model: Model, loss: any Loss) throws {
    runID = parts.saved.run.id
    step = parts.saved.checkpoint.step
    classNames = parts.saved.state.classNames
    batch = parts.recipe.batch
    session = try parts.session(preprocessing)
    self.preprocessing = preprocessing
    self.model = model
    self.loss = loss
  }

  /// The shape of one example as the dataset gives it; images are `[channels, height, width]`, values 0 to 255.
  public var inputShape: Shape { preprocessing.inputShape }

  /// Predicts examples, each of `inputShape`; preprocessing is applied.
  ///
  /// - Throws: ``OrchestratorError/wrongInput(index:expected:found:)``.
  public func predict(_ inputs: [Tensor]) throws -> [Prediction] {
    for (index, input) in inputs.enumerated() where input.shape != inputShape {
      throw OrchestratorError.wrongInput(index: index, expected: inputShape, found: input.shape)
    }
    guard !inputs.isEmpty else { return [] }
    let all = Tensor(unchecked: Shape([inputs.count] + inputShape.sizes), .float32(inputs.flatMap(\.floats)))
    let targets = Tensor(unchecked: [inputs.count], .float32(Array(repeating: 0, count: inputs.count)))
    guard let examples = Examples(inputs: all, targets: targets, classNames: nil) else { return [] }
    let maker = BatchMaker(examples, preprocessing)
    let rows = min(batch, inputs.count)
    let (program, meaning) = try program(rows)
    var predictions: [Prediction] = []
    for start in stride(from: 0, to: inputs.count, by: rows) {
      let part = try maker.batch(start..<min(start + rows, inputs.count), epoch: 0, rows: rows)
      let results = try program.run(named: [("inputs", part.inputs)], step: 0)
      let (outputs, values) = (try results["outputs"], try results["prediction"])
      predictions += (0..<part.count).map { row in
        prediction(outputs: outputs.example(row), values: values.example(row), meaning)
      }
    }
    return predictions
  }

  private func program(_ rows: Int) throws -> (program: any Program, meaning: OutputMeaning) {
    if let known = programs[rows] { return known }
    let graph = try InferenceGraph(model, loss: loss, inputShape: preprocessing.outputShape, batch: rows)
    let compiled = (try session.compile(graph.graph), graph.meaning)
    programs[rows] = compiled
    return compiled
  }

  private func prediction(outputs: Tensor, values: Tensor, _ meaning: OutputMeaning) -> Prediction {
    let numbers = values.doubles
    let best = loss.targetKind == .classes ? numbers.max().flatMap(numbers.firstIndex) : nil
    let name = best.flatMap { index in classNames.flatMap { $0.indices.contains(index) ? $0[index] : nil } }
    return Prediction(outputs: outputs, values: values, meaning: meaning, classIndex: best, className: name)
  }
}

extension Tensor {
  /// One row, without the axis of rows.
  fileprivate func example(_ row: Int) -> Tensor {
    let row = gathering([row])
    return row.reshaped(Shape(Array(shape.sizes.dropFirst()))) ?? row
  }
}

extension LoadedModel {
  /// What a model says of one example.
  public struct Prediction: Sendable, Equatable {
    /// As the model's last layer gives them.
    public let outputs: Tensor
    /// What the loss makes of the outputs, in their shape.
    public let values: Tensor
    /// What the values are.
    public let meaning: OutputMeaning
    /// The class with the greatest value; nil for a model of numbers.
    public let classIndex: Int?
    public let className: String?

    /// The values, if they are probabilities: of each class, or of each output by itself.
    public var probabilities: [Double]? { meaning == .probabilities ? values.doubles : nil }
  }
}
