import Registry
public import Tensors

public struct Softsign: Activation {
  public static let name = "softsign"
  public static let summary = "x/(1 + |x|)"
  public static let reference =
    "Glorot & Bengio 2010, Understanding the difficulty of training deep feedforward neural networks"

  public init() {}

  public func callAsFunction(_ x: Value) -> Value { x / (1 + x.absolute()) }
}
