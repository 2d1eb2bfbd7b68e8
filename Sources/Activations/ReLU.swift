import Registry
public import Tensors

public struct ReLU: Activation {
  public static let name = "relu"
  public static let summary = "max(x, 0); gradient 0 at x ≤ 0"
  public static let reference = "Nair & Hinton 2010, Rectified linear units improve restricted Boltzmann machines"

  public init() {}

  public func callAsFunction(_ x: Value) -> Value { max(x, 0) }
}
