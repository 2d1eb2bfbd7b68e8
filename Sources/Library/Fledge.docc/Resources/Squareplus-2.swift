public import Activations
public import Registry
public import Tensors

public struct Squareplus: Activation {
  public static let name = "squareplus"
  public static let summary = "(x + √(x² + b))/2: softplus without exponentials"
  public static let reference = "Barron 2021, Squareplus: a softplus-like algebraic rectifier"

  @Parameter("how smooth the bend at 0 is", in: .above(0)) public var b = 4.0

  public init() {}

  public func callAsFunction(_ x: Value) -> Value { (x + (x.squared() + b).squareRoot()) / 2 }
}
