import Registry
public import Tensors

/// Predictions and targets `[batch, outputs…]` → `[batch]`.
public struct MeanSquaredError: Loss, DataDefault {
  public static let name = "mean-squared-error"
  public static let summary = "(prediction − target)², the mean over outputs"
  public static let reference = "Gauss 1809, Theoria motus; PyTorch's MSELoss"

  @Parameter("how the losses of a batch become the objective") public var reduction = LossReduction.mean

  public init() {}

  public func callAsFunction(_ prediction: Value, _ target: Value) -> Value {
    meanOverOutputs(prediction, target) { ($0 - $1).squared() }
  }

  public static func suits(_ data: DataOutline) -> Bool { data.classCount == nil }
}
