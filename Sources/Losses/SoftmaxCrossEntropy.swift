import Foundation
import Registry
public import Tensors

/// Scores `[batch, classes]`, class indices `[batch]` → `[batch]`.
///
/// With class weights w, class c has the share w[c] of an example's loss, and the example counts w[y]: the mean is
/// Σ losses / Σ w[y], as PyTorch's `CrossEntropyLoss` has it.
public struct SoftmaxCrossEntropy: Loss, DataDefault {
  public static let name = "softmax-cross-entropy"
  public static let summary = "minus the log of the probability that softmax gives the true class"
  public static let formula = "Σⱼ wⱼ·qⱼ·(log Σₖ e^zₖ − zⱼ), q = (1 − s)·onehot(y) + s/C; an example counts w_y"
  public static let reference =
    "Bridle 1990; label smoothing: Szegedy et al. 2016, Rethinking the Inception architecture; "
    + "PyTorch's CrossEntropyLoss"

  @Parameter("share of the target that is spread over all classes", in: 0...1) public var labelSmoothing = 0.0
  @Parameter("what examples of each class count: none for all alike, balanced, or one number a class")
  public var classWeights = ClassWeights.alike
  @Parameter("how the losses of a batch become the objective") public var reduction = LossReduction.mean

  public init() {}

  public func callAsFunction(_ prediction: Value, _ target: Value) -> Value {
    ofClasses(prediction, target) {
      let wanted = smoothed(target, prediction.shape[1])
      let score = (wanted * prediction).sum(over: [1])
      return (prediction.logarithmOfSumOfExponentials(axis: 1) - score).reshaped([prediction.shape[0]])
    }
  }

  public func losses(of prediction: Value, _ target: Value, _ context: LossContext) -> ExampleLosses {
    let (trace, classes) = (prediction.trace, prediction.shape.sizes.last ?? 0)
    guard let numbers = classWeights.values(classes: classes, context, in: trace, loss: Self.name) else {
      return ExampleLosses(self(prediction, target))
    }
    var weights: Value?
    let values = ofClasses(prediction, target) {
      let (batch, ofClass) = (Shape([prediction.shape[0]]), trace.row(numbers))
      weights = (target.oneHot(classes) * ofClass).sum(over: [1]).reshaped(batch)
      let wanted = smoothed(target, classes) * ofClass
      let whole = wanted.sum(over: [1]) * prediction.logarithmOfSumOfExponentials(axis: 1)
      return (whole - (wanted * prediction).sum(over: [1])).reshaped(batch)
    }
    return ExampleLosses(values, weights: weights)
  }

  private func smoothed(_ target: Value, _ classes: Int) -> Value {
    target.oneHot(classes) * (1 - labelSmoothing) + labelSmoothing / Double(classes)
  }

  public func untrainedValue(classes: Int) -> Double? { log(Double(classes)) }
  public var targetKind: TargetKind { .classes }

  public func prediction(of output: Value, range: OutputRange?) -> Prediction {
    let axis = min(1, output.shape.rank - 1)
    return Prediction(range == .distribution ? output : output.softmax(axis: axis), .probabilities)
  }

  public static func suits(_ data: DataOutline) -> Bool { data.classCount != nil }
}

extension Trace {
  /// Numbers as a row, `[1, count]`.
  fileprivate func row(_ numbers: [Double]) -> Value {
    let parts = numbers.map { constant($0).reshaped([1, 1]) }
    guard let first = parts.first else { return constant(0).broadcast(to: [1, 0]) }
    return first.concatenated(with: Array(parts.dropFirst()), axis: 1)
  }
}
