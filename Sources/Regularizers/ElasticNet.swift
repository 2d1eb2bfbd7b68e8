import Registry
public import Tensors

public struct ElasticNet: Regularizer {
  public static let name = "elastic-net"
  public static let summary = "l1·Σ|w| + l2·Σw²"
  public static let reference = "Zou & Hastie 2005, Regularization and variable selection via the elastic net"

  @Parameter("strength of the absolute part", in: 0...) public var l1 = 1e-4
  @Parameter("strength of the squared part", in: 0...) public var l2 = 1e-4

  public init() {}

  public func callAsFunction(_ parameter: Value) -> Value {
    l1 * parameter.absolute().total() + l2 * parameter.squared().total()
  }
}
