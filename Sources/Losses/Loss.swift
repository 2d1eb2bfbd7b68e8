public import Registry
public import Tensors

/// How wrong a prediction is: one number an example, which training makes small.
///
/// Laws, each a check in `Conformance`: the result has one value an example; the gradient is that of the formula;
/// loss and gradient of scores to ±1e4 are finite; what examples count is finite and at least 0; shapes that do not fit are
/// reported to the trace.
public protocol Loss: Component {
  /// The loss of each example, `[batch]`, of predictions `[batch, outputs…]`.
  ///
  /// Targets are class indices `[batch]` or numbers in the prediction's shape, as ``targetKind`` says.
  func callAsFunction(_ prediction: Value, _ target: Value) -> Value

  /// The losses with what each example counts, where the data has a say in it. Default: every example counts one.
  func losses(of prediction: Value, _ target: Value, _ context: LossContext) -> ExampleLosses

  /// How a batch's losses become the objective. Default: their mean.
  var reduction: LossReduction { get }

  /// The loss expected of a model that knows nothing yet, for the sanity check; nil if there is no such value. Default: nil.
  func untrainedValue(classes: Int) -> Double?

  /// What the targets are. Default: numbers.
  var targetKind: TargetKind { get }

  /// What a model that was trained with this loss says of its examples; in inference. Default: the output as it is, which
  /// are scores where targets are classes.
  ///
  /// - Parameters:
  ///   - output: the outputs of the model's last part.
  ///   - range: what the model's last part says of its numbers: what is a probability already stays as it is.
  /// - Returns: the numbers, and what they mean.
  func prediction(of output: Value, range: OutputRange?) -> Prediction
}

/// A model's output as its loss understands it.
public struct Prediction {
  /// In the output's shape.
  public let values: Value
  public let meaning: OutputMeaning

  public init(_ values: Value, _ meaning: OutputMeaning) {
    self.values = values
    self.meaning = meaning
  }
}

public enum TargetKind: String, Sendable {
  /// Class indices, `[batch]`.
  case classes
  /// Numbers, in the prediction's shape.
  case numbers
}

extension Loss {
  public func losses(of prediction: Value, _ target: Value, _ context: LossContext) -> ExampleLosses {
    ExampleLosses(self(prediction, target))
  }

  public var reduction: LossReduction { .mean }
  public func untrainedValue(classes: Int) -> Double? { nil }
  public var targetKind: TargetKind { .numbers }

  public func prediction(of output: Value, range: OutputRange?) -> Prediction {
    Prediction(output, targetKind == .classes ? .scores : .numbers)
  }
}

extension Kind where Part == any Loss {
  public static var loss: Self { Kind("loss", example: "softmax-cross-entropy", template: .loss) }
}

extension Registry {
  public mutating func register(_ part: (some Loss).Type) { add(part, as: .loss) }
}

extension Loss {
  /// The mean over an example's outputs of an error made of two values of one shape.
  func meanOverOutputs(_ prediction: Value, _ target: Value, _ error: (Value, Value) -> Value) -> Value {
    let isColumn = target.shape.rank == 1 && prediction.shape.sizes == target.shape.sizes + [1]
    guard prediction.shape.rank > 0, target.shape == prediction.shape || isColumn else {
      return objection(
        prediction,
        "takes targets of the prediction's shape: the prediction is \(prediction.shape), the target "
          + "\(target.shape)" + remedy(prediction, target))
    }
    let errors = error(prediction, target.reshaped(prediction.shape))
    return errors.mean(over: Array(errors.shape.sizes.indices.dropFirst())).reshaped([prediction.shape[0]])
  }

  /// Calls `body` if predictions are scores `[batch, classes]` and targets class indices `[batch]`.
  func ofClasses(_ prediction: Value, _ target: Value, _ body: () -> Value) -> Value {
    guard prediction.shape.rank == 2 else {
      return objection(
        prediction,
        "takes a score a class, [batch, classes], not \(prediction.shape): end the model with flatten, "
          + "dense(classes)")
    }
    guard target.shape == [prediction.shape[0]] else {
      return objection(
        prediction, "takes a class index an example, \(Shape([prediction.shape[0]])), not targets of \(target.shape)")
    }
    return body()
  }

  private func remedy(_ prediction: Value, _ target: Value) -> String {
    target.shape.rank == 1 && prediction.shape.rank == 2 && targetKind == .numbers
      ? "; for class indices use softmax-cross-entropy" : ""
  }

  /// Keeps the mistake in the trace; zeros stand in until it is checked.
  private func objection(_ prediction: Value, _ problem: String) -> Value {
    prediction.trace.report(ShapeError("loss \(Self.name) \(problem)"))
    let batch = prediction.shape.rank > 0 ? prediction.shape[0] : 1
    return prediction.trace.constant(0).broadcast(to: [batch])
  }
}
