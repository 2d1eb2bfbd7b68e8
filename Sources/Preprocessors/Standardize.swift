import Registry
public import Tensors

public struct Standardize: Preprocessor {
  public static let name = "standardize"
  public static let summary = "every feature brought to mean 0 and deviation 1 over the training examples"
  public static let formula = "y[i] = (x[i] − mean[i])/deviation[i]; constant features are only shifted"
  public static let reference = "LeCun et al. 1998, Efficient backprop, section 4.3"

  public init() {}

  public func fitted(to training: TrainingInputs) throws -> any FittedPreprocessor {
    try AffineMap(fittedTo: training, per: .features, dividing: true, in: Self.name)
  }

  public func restored(from statistics: [String: Tensor]) throws(PreprocessorError) -> any FittedPreprocessor {
    try AffineMap(restoring: statistics, per: .features, dividing: true, in: Self.name)
  }
}
