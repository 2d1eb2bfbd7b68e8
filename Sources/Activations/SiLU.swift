import Registry
public import Tensors

public struct SiLU: Activation {
  public static let name = "silu"
  public static let summary = "x·sigmoid(x)"
  public static let reference = "Elfwing, Uchibe, Doya 2018, Sigmoid-weighted linear units"

  public init() {}

  public func callAsFunction(_ x: Value) -> Value { x * x.sigmoid() }
}
