import Registry
public import Tensors

public struct Mish: Activation {
  public static let name = "mish"
  public static let summary = "x·tanh(log(1 + e^x))"
  public static let reference = "Misra 2020, Mish: a self regularized non-monotonic activation function"

  public init() {}

  public func callAsFunction(_ x: Value) -> Value { x * x.softplus().tanh() }
}
