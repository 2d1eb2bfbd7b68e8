import Registry
public import Tensors

public struct Identity: Activation {
  public static let name = "identity"
  public static let summary = "x"
  public static let reference = "the linear unit: Widrow & Hoff 1960, Adaptive switching circuits"

  public init() {}

  public func callAsFunction(_ x: Value) -> Value { x }
}
