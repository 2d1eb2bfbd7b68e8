public import Registry
public import Tensors

/// One number an example, whose mean is reported: of each step of training, and of whole splits.
///
/// Law, a check in `Conformance`: the result has one finite value an example, whatever finite numbers are predicted.
public protocol MeanMetric: Metric {
  /// The figure of each example, `[batch]`, of predictions `[batch, outputs…]` and targets as the loss takes them.
  ///
  /// Shapes that do not fit are reported to the trace.
  func callAsFunction(_ prediction: Value, _ target: Value) -> Value

  /// Which way the figure improves.
  var direction: MetricDirection { get }
}

extension MeanMetric {
  public var form: MetricForm { .mean(self) }

  /// Calls `body` if predictions are scores `[batch, classes]` and targets class indices `[batch]`; else the trace is told.
  public func ofClasses(_ prediction: Value, _ target: Value, _ body: () -> Value) -> Value {
    guard takesClasses(prediction, target) else { return nothing(prediction) }
    return body().reshaped([prediction.shape[0]])
  }

  /// The mean over an example's outputs of an error made of two values of one shape; what does not fit is told to the trace.
  public func meanOverOutputs(_ prediction: Value, _ target: Value, _ error: (Value, Value) -> Value) -> Value {
    let isColumn = target.shape.rank == 1 && prediction.shape.sizes == target.shape.sizes + [1]
    guard prediction.shape.rank > 0, target.shape == prediction.shape || isColumn else {
      object(
        to: prediction,
        "takes targets of the prediction's shape: the prediction is \(prediction.shape), the target \(target.shape)")
      return nothing(prediction)
    }
    let errors = error(prediction, target.reshaped(prediction.shape))
    return errors.mean(over: Array(errors.shape.sizes.indices.dropFirst())).reshaped([prediction.shape[0]])
  }

  /// Stands in for a figure until the trace is checked.
  private func nothing(_ prediction: Value) -> Value {
    prediction.trace.constant(0).broadcast(to: [prediction.shape.sizes.first ?? 1])
  }
}

extension Metric {
  /// Whether predictions are scores `[batch, classes]` and targets class indices `[batch]`; reported to the trace if not.
  func takesClasses(_ prediction: Value, _ target: Value) -> Bool {
    if prediction.shape.rank == 2, target.shape == [prediction.shape[0]] { return true }
    object(
      to: prediction,
      "takes scores [batch, classes] and class indices [batch], not \(prediction.shape) and \(target.shape)")
    return false
  }

  fileprivate func object(to prediction: Value, _ problem: String) {
    prediction.trace.report(ShapeError("metric \(Self.name) \(problem)"))
  }
}
