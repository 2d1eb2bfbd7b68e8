import Registry
public import Tensors

public struct ChannelMean: Preprocessor {
  public static let name = "channel-mean"
  public static let summary = "the mean of its colour channel over the training images taken from every value"
  public static let formula = "y[c] = x[c] − mean[c]"
  public static let reference = "Simonyan & Zisserman 2015, Very deep convolutional networks (VGG)"

  public init() {}

  public func fitted(to training: TrainingInputs) throws -> any FittedPreprocessor {
    try AffineMap(fittedTo: training, per: .channels, dividing: false, in: Self.name)
  }

  public func restored(from statistics: [String: Tensor]) throws(PreprocessorError) -> any FittedPreprocessor {
    try AffineMap(restoring: statistics, per: .channels, dividing: false, in: Self.name)
  }
}
