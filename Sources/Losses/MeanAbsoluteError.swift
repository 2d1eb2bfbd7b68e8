import Registry
public import Tensors

/// Predictions and targets `[batch, outputs…]` → `[batch]`.
public struct MeanAbsoluteError: Loss {
  public static let name = "mean-absolute-error"
  public static let summary = "|prediction − target|, the mean over outputs"
  public static let reference = "Boscovich 1757, Laplace 1793; PyTorch's L1Loss"

  @Parameter("how the losses of a batch become the objective") public var reduction = LossReduction.mean

  public init() {}

  public func callAsFunction(_ prediction: Value, _ target: Value) -> Value {
    meanOverOutputs(prediction, target) { ($0 - $1).absolute() }
  }
}
