public import Registry
public import Tensors

/// Scores `[batch, classes]`, class indices `[batch]` → `[batch]`.
public struct Accuracy: MeanMetric, DataDefault {
  public static let name = "accuracy"
  public static let summary = "1 where the greatest score is the true class's, else 0; of equal scores the first counts"
  public static let reference = "the complement of the zero-one loss: Hastie, Tibshirani, Friedman 2009, section 2.4"

  public init() {}

  public func callAsFunction(_ prediction: Value, _ target: Value) -> Value {
    ofClasses(prediction, target) {
      prediction.argumentOfMaximum(axis: 1) .== target.reshaped([prediction.shape[0], 1])
    }
  }

  public var direction: MetricDirection { .higher }

  public static func suits(_ data: DataOutline) -> Bool { data.classCount != nil }
}
