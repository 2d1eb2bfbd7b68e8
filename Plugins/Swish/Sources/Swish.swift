public import Activations
public import Registry
public import Tensors

public struct Swish: Activation {
  public static let name = "swish"
  public static let summary = "x·sigmoid(β·x)"
  public static let reference = "Ramachandran, Zoph, Le 2017, Searching for activation functions"

  @Parameter("how sharply negative numbers are cut off", in: 0...) public var beta = 1.0

  public init() {}

  public func callAsFunction(_ x: Value) -> Value { x * (beta * x).sigmoid() }
}
