public import Registry
public import Tensors

/// Predictions and targets `[batch, outputs…]` → `[batch]`.
public struct MeanAbsoluteError: MeanMetric, DataDefault {
  public static let name = "mean-absolute-error"
  public static let summary = "|prediction − target|, the mean over outputs"
  public static let reference = "Boscovich 1757, Laplace 1793"

  public init() {}

  public func callAsFunction(_ prediction: Value, _ target: Value) -> Value {
    meanOverOutputs(prediction, target) { ($0 - $1).absolute() }
  }

  public var direction: MetricDirection { .lower }

  public static func suits(_ data: DataOutline) -> Bool { data.classCount == nil }
}
