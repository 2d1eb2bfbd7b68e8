import Registry
public import Tensors

/// Predictions and targets `[batch, outputs…]` → `[batch]`.
public struct Huber: Loss {
  public static let name = "huber"
  public static let summary = "squared error near the target, absolute error far from it, the mean over outputs"
  public static let formula = "e²/2 for |e| ≤ δ, δ·(|e| − δ/2) beyond, e = prediction − target"
  public static let reference = "Huber 1964, Robust estimation of a location parameter; PyTorch's HuberLoss"

  @Parameter("error at which the loss becomes linear", in: .above(0)) public var delta = 1.0
  @Parameter("how the losses of a batch become the objective") public var reduction = LossReduction.mean

  public init() {}

  public func callAsFunction(_ prediction: Value, _ target: Value) -> Value {
    meanOverOutputs(prediction, target) { prediction, target in
      let error = (prediction - target).absolute()
      let near = min(error, delta)
      return 0.5 * near.squared() + delta * (error - near)
    }
  }
}
