import Execution
import Foundation
public import Tensors

/// A trained model, ready to predict. Used by one thread at a time.
public final class LoadedModel {
  public let runID: String
  /// Of the checkpoint.
  public let step: Int
  /// One name a class; nil for a model of numbers.
  public let classNames: [String]?
  let session: any Session
  private let batch: Int
  private let preprocessing: Preprocessing
  private let model: Model
  private let hasProbabilities: Bool
  /// By the number of examples that they take.
  private var programs: [Int: any Program] = [:]

  init(
    runID: String, step: Int, classNames: [String]?, batch: Int, preprocessing: Preprocessing, model: Model,
    hasProbabilities: Bool, session: any Session
  ) {
    self.runID = runID
    self.step = step
    self.classNames = classNames
    self.batch = batch
    self.preprocessing = preprocessing
    self.model = model
    self.hasProbabilities = hasProbabilities
    self.session = session
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
    let program = try program(rows)
    var predictions: [Prediction] = []
    for start in stride(from: 0, to: inputs.count, by: rows) {
      let part = maker.batch(start..<min(start + rows, inputs.count), epoch: 0, rows: rows)
      let output = try program.run(named: [("inputs", part.inputs)], step: 0)["prediction"]
      predictions += (0..<part.count).map { prediction(output, row: $0) }
    }
    return predictions
  }

  private func program(_ rows: Int) throws -> any Program {
    if let known = programs[rows] { return known }
    let program = try session.compile(trace(batch: rows).graph)
    programs[rows] = program
    return program
  }

  /// The model in inference, with its variables.
  func trace(batch: Int) throws -> (variables: [Variable], graph: Graph) {
    let trace = Trace()
    let x = trace.input("inputs", Shape([batch] + preprocessing.outputShape.sizes))
    let (model, prediction) = try model(x, phase: .inference)
    trace.output(prediction, as: "prediction")
    return (model.variables, try trace.finish())
  }

  private func prediction(_ output: Tensor, row: Int) -> Prediction {
    let shape = Shape(Array(output.shape.sizes.dropFirst()))
    let row = output.gathering([row])
    let outputs = row.reshaped(shape) ?? row
    guard hasProbabilities else {
      return Prediction(outputs: outputs, probabilities: nil, classIndex: nil, className: nil)
    }
    let scores = outputs.doubles
    let greatest = scores.max() ?? 0
    let powers = scores.map { exp($0 - greatest) }
    let sum = powers.reduce(0, +)
    let best = scores.firstIndex(of: greatest)
    return Prediction(
      outputs: outputs, probabilities: powers.map { $0 / sum }, classIndex: best,
      className: best.flatMap { index in classNames.flatMap { $0.indices.contains(index) ? $0[index] : nil } })
  }
}

extension LoadedModel {
  /// What a model says of one example.
  public struct Prediction: Sendable, Equatable {
    /// As the model's last layer gives them.
    public let outputs: Tensor
    /// Of each class: the softmax of the outputs; nil for a model of numbers.
    public let probabilities: [Double]?
    /// The class with the greatest output.
    public let classIndex: Int?
    public let className: String?
  }
}
