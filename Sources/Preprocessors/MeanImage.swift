import Registry
public import Tensors

public struct MeanImage: Preprocessor {
  public static let name = "mean-image"
  public static let summary = "the mean of the training images taken from every image, pixel by pixel"
  public static let formula = "y = x − mean"
  public static let reference = "Krizhevsky et al. 2012, ImageNet classification (AlexNet)"

  public init() {}

  public func fitted(to training: TrainingInputs) throws -> any FittedPreprocessor {
    try AffineMap(fittedTo: training, per: .features, dividing: false, in: Self.name)
  }

  public func restored(from statistics: [String: Tensor]) throws(PreprocessorError) -> any FittedPreprocessor {
    try AffineMap(restoring: statistics, per: .features, dividing: false, in: Self.name)
  }
}
