import Experiments
import Orchestrator
import Registry
import Tensors

/// A trained model out of a store, ready to predict.
///
///     let model = try FledgeModel(run: "last", store: "fledge.sqlite")
///     let predictions = try model.predict([pixels])
///     print(predictions[0].className ?? "")
///
/// Every part that is linked into the library is known, add-ons too. Used by one thread at a time.
public final class FledgeModel {
  private let model: LoadedModel

  /// Loads a run.
  /// - Parameters:
  ///   - run: an id, a unique prefix of one, a name (the newest of that name), or `last`.
  ///   - store: the path of the SQLite file.
  ///   - checkpoint: the best stands for the last in a run that has no best.
  /// - Throws: an error whose description says what is wrong and what to do.
  public init(run: String = "last", store path: String = "fledge.sqlite", checkpoint: Checkpoint = .best) throws {
    let store = try ExperimentStore(path: path, access: .readOnly)
    let orchestrator = Orchestrator(registry: try Registry.linked(), environment: [:])
    model = try orchestrator.load(store.run(matching: run), in: store, checkpoint: checkpoint.selection)
  }

  /// Which checkpoint of a run.
  public enum Checkpoint: Sendable, Hashable {
    case best
    case last
    case step(Int)

    fileprivate var selection: CheckpointSelection {
      switch self {
      case .best: .best
      case .last: .last
      case .step(let step): .step(step)
      }
    }
  }

  public var runID: String { model.runID }

  /// The step of the checkpoint.
  public var step: Int { model.step }

  /// The shape of one example; images are `[channels, height, width]`.
  public var inputShape: [Int] { model.inputShape.sizes }

  /// One name a class; nil for a model of numbers.
  public var classNames: [String]? { model.classNames }

  /// Predicts examples: each as many numbers as `inputShape` says, row-major, as the dataset gives them (images 0 to
  /// 255). Preprocessing is applied.
  ///
  /// - Throws: ``WrongInput`` for an example with another count.
  public func predict(_ inputs: [[Float]]) throws -> [Prediction] {
    let tensors = try inputs.enumerated().map { index, values in
      guard let tensor = Tensor(model.inputShape, .float32(values)) else {
        throw WrongInput(index: index, expected: inputShape, count: values.count)
      }
      return tensor
    }
    return try model.predict(tensors).map(Prediction.init)
  }

  /// What the model says of one example.
  public struct Prediction: Sendable, Hashable {
    /// As the model's last layer gives them.
    public let outputs: [Float]
    /// Of each class; nil for a model of numbers.
    public let probabilities: [Double]?
    /// The likeliest class.
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
