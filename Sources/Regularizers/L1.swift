import Registry
public import Tensors

public struct L1: Regularizer {
  public static let name = "l1"
  public static let summary = "rate·Σ|w|: drives weights to exactly zero"
  public static let reference = "Tibshirani 1996, Regression shrinkage and selection via the lasso"

  @Parameter("strength", in: 0...) public var rate = 1e-4

  public init() {}

  public func callAsFunction(_ parameter: Value) -> Value { rate * parameter.absolute().total() }
}
