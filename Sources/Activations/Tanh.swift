import Registry
public import Tensors

public struct Tanh: Activation {
  public static let name = "tanh"
  public static let summary = "the hyperbolic tangent: between −1 and 1, centred on zero"
  public static let reference = "LeCun, Bottou, Orr, Müller 1998, Efficient BackProp"

  public init() {}

  public func callAsFunction(_ x: Value) -> Value { x.tanh() }
}
