import Foundation
import Registry
public import Tensors

/// Scores `[batch, classes]`, class indices `[batch]` → `[batch]`.
public struct SoftmaxCrossEntropy: Loss, DataDefault {
  public static let name = "softmax-cross-entropy"
  public static let summary = "minus the log of the probability that softmax gives the true class"
  public static let formula = "log Σⱼ e^zⱼ − Σⱼ qⱼ·zⱼ, q = (1 − s)·onehot(y) + s/C"
  public static let reference =
    "Bridle 1990; label smoothing: Szegedy et al. 2016, Rethinking the Inception architecture"

  @Parameter("share of the target that is spread over all classes", in: 0...1) public var labelSmoothing = 0.0

  public init() {}

  public func callAsFunction(_ prediction: Value, _ target: Value) -> Value {
    ofClasses(prediction, target) {
      let classes = prediction.shape[1]
      let wanted = target.oneHot(classes) * (1 - labelSmoothing) + labelSmoothing / Double(classes)
      let score = (wanted * prediction).sum(over: [1])
      return (prediction.logarithmOfSumOfExponentials(axis: 1) - score).reshaped([prediction.shape[0]])
    }
  }

  public func untrainedValue(classes: Int) -> Double? { log(Double(classes)) }
  public var targetKind: TargetKind { .classes }

  public static func suits(_ data: DataOutline) -> Bool { data.classCount != nil }
}
