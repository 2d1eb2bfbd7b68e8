import Foundation
import Registry
public import Tensors

/// Logits and targets in 0…1, `[batch, outputs…]` → `[batch]`.
public struct BinaryCrossEntropy: Loss {
  public static let name = "binary-cross-entropy"
  public static let summary = "cross-entropy of sigmoid(prediction) with targets in 0…1, the mean over outputs"
  public static let formula = "log(1 + e^z) − t·z, the mean over outputs"
  public static let reference = "Good 1952, Rational decisions; PyTorch's BCEWithLogitsLoss"

  @Parameter("how the losses of a batch become the objective") public var reduction = LossReduction.mean

  public init() {}

  public func callAsFunction(_ prediction: Value, _ target: Value) -> Value {
    meanOverOutputs(prediction, target) { prediction, target in
      // log(1 + eᶻ) written so that nothing overflows and the gradient is exact at zero.
      let magnitude = prediction.absolute()
      let softplus = 0.5 * (prediction + magnitude) + (-magnitude).exponential().logarithmOnePlus()
      return softplus - target * prediction
    }
  }

  public func untrainedValue(classes: Int) -> Double? { log(2) }

  public func prediction(of output: Value, range: OutputRange?) -> Prediction {
    Prediction(range == nil ? output.sigmoid() : output, .probabilities)
  }
}
