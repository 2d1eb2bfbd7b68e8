public import Registry
public import Tensors

/// A figure that people watch: one number an example, whose mean over a split is reported.
///
/// Law, a check in `Conformance`: the result has one finite value an example.
public protocol Metric: Component {
  /// The figure of each example, `[batch]`, of predictions `[batch, outputs…]` and targets as the loss takes them.
  ///
  /// Shapes that do not fit are reported to the trace.
  func callAsFunction(_ prediction: Value, _ target: Value) -> Value

  /// Which way the figure improves.
  var direction: MetricDirection { get }
}

extension Kind where Part == any Metric {
  public static var metric: Self { Kind("metric") }
}

extension Registry {
  public mutating func register(_ part: (some Metric).Type) { add(part, as: .metric) }
}

extension Metric {
  /// Calls `body` if predictions are scores `[batch, classes]` and targets class indices `[batch]`.
  func ofClasses(_ prediction: Value, _ target: Value, _ body: () -> Value) -> Value {
    guard prediction.shape.rank == 2, target.shape == [prediction.shape[0]] else {
      return objection(
        prediction,
        "takes scores [batch, classes] and class indices [batch], not \(prediction.shape) and \(target.shape)")
    }
    return body().reshaped([prediction.shape[0]])
  }

  /// The mean over an example's outputs of an error made of two values of one shape.
  func meanOverOutputs(_ prediction: Value, _ target: Value, _ error: (Value, Value) -> Value) -> Value {
    let isColumn = target.shape.rank == 1 && prediction.shape.sizes == target.shape.sizes + [1]
    guard prediction.shape.rank > 0, target.shape == prediction.shape || isColumn else {
      return objection(
        prediction,
        "takes targets of the prediction's shape: the prediction is \(prediction.shape), the target "
          + "\(target.shape)")
    }
    let errors = error(prediction, target.reshaped(prediction.shape))
    return errors.mean(over: Array(errors.shape.sizes.indices.dropFirst())).reshaped([prediction.shape[0]])
  }

  /// Keeps the mistake in the trace; zeros stand in until it is checked.
  private func objection(_ prediction: Value, _ problem: String) -> Value {
    prediction.trace.report(ShapeError("metric \(Self.name) \(problem)"))
    let batch = prediction.shape.rank > 0 ? prediction.shape[0] : 1
    return prediction.trace.constant(0).broadcast(to: [batch])
  }
}
