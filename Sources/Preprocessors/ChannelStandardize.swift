import Registry
public import Tensors

public struct ChannelStandardize: Preprocessor {
  public static let name = "channel-standardize"
  public static let summary = "every colour channel brought to mean 0 and deviation 1 over the training images"
  public static let formula = "y[c] = (x[c] − mean[c])/deviation[c]; constant channels are only shifted"
  public static let reference = "He et al. 2016, Deep residual learning"

  public init() {}

  public func fitted(to training: TrainingInputs) throws -> any FittedPreprocessor {
    try AffineMap(fittedTo: training, per: .channels, dividing: true, in: Self.name)
  }

  public func restored(from statistics: [String: Tensor]) throws -> any FittedPreprocessor {
    try AffineMap(restoring: statistics, per: .channels, dividing: true, in: Self.name)
  }
}
