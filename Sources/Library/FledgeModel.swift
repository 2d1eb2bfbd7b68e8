import Synchronization
import Tensors

/// A trained model out of a store, ready to predict.
///
///     let model = try FledgeModel(run: "last", store: "fledge.sqlite")
///     let predictions = try model.predict([pixels])
///     print(predictions[0].className ?? "")
///
/// May be used from concurrent tasks: they take turns, since one prediction already uses all threads of the recipe.
public final class FledgeModel: Sendable {
  public let runID: String

  /// The step of the checkpoint.
  public let step: Int

  /// The shape of one example; images are `[channels, height, width]`.
  public let inputShape: [Int]

  /// One name a class; nil for a model of numbers.
  public let classNames: [String]?

  private let model: Mutex<LoadedModel>

  /// Loads a run.
  /// - Parameters:
  ///   - run: an id, a unique prefix of one, a name (the newest of that name), or `last`.
  ///   - path: of the SQLite file.
  ///   - checkpoint: the best stands for the last in a run that has no best.
  ///   - backend: what computes, such as `reference`; nil for the fastest that the machine can run.
  ///   - plugins: of the caller's own parts; Fledge's are known, and add-ons that are linked into it.
  /// - Throws: an error whose description says what is wrong and what to do.
  public init(
    run: String = "last", store path: String = "fledge.sqlite", checkpoint: CheckpointSelection = .best,
    backend: String? = nil, adding plugins: [any Plugin.Type] = []
  ) throws {
    let store = try ExperimentStore(path: path, access: .readOnly)
    let loaded = try Orchestrator(adding: plugins).load(
      store.run(matching: run), in: store, checkpoint: checkpoint, backend: backend)
    runID = loaded.runID
    step = loaded.step
    inputShape = loaded.inputShape.sizes
    classNames = loaded.classNames
    model = Mutex(loaded)
  }

  /// Predicts examples: each as many numbers as `inputShape` says, row-major, as the dataset gives them (images 0 to
  /// 255). Preprocessing is applied.
  ///
  /// - Throws: ``WrongInput`` for an example with another count.
  public func predict(_ inputs: [[Float]]) throws -> [Prediction] {
    let tensors = try inputs.enumerated().map { index, values in
      guard let tensor = Tensor(Shape(inputShape), .float32(values)) else {
        throw WrongInput(index: index, expected: inputShape, count: values.count)
      }
      return tensor
    }
    return try model.withLock { try $0.predict(tensors).map(Prediction.init) }
  }

  /// What the model says of one example.
  public struct Prediction: Sendable, Hashable {
    /// As the model's last layer gives them.
    public let outputs: [Float]
    /// Of each class, or of each output by itself; nil where the loss knows no probabilities.
    public let probabilities: [Double]?
    /// The class with the greatest probability or score; nil for a model of numbers.
    public let classIndex: Int?
    public let className: String?

    fileprivate init(_ prediction: LoadedModel.Prediction) {
      outputs = prediction.outputs.floats
      probabilities = prediction.probabilities
      classIndex = prediction.classIndex
      className = prediction.className
    }
  }

  /// An example whose numbers are not as many as the model takes.
  public struct WrongInput: Error, Sendable, Hashable, CustomStringConvertible {
    public let index: Int
    public let expected: [Int]
    public let count: Int

    public var description: String {
      "example \(index) has \(count) numbers, the model takes \(expected.reduce(1, *)): \(Shape(expected))"
    }
  }
}
