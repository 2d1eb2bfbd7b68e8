public import Activations
public import Registry
public import Tensors

public struct Squareplus: Activation {
  public static let name = "squareplus"
  public static let summary = "scale·tanh(x): between −scale and scale"
  public static let reference = "the paper or text that defines it"

  @Parameter("greatest output", in: .above(0)) public var scale = 1.0

  public init() {}

  public func callAsFunction(_ x: Value) -> Value { scale * x.tanh() }
}
