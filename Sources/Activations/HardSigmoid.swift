import Registry
public import Tensors

public struct HardSigmoid: Activation {
  public static let name = "hard-sigmoid"
  public static let summary = "min(max(x + 3, 0), 6)/6"
  public static let reference = "Courbariaux, Bengio, David 2015, BinaryConnect; slope of PyTorch's Hardsigmoid"

  public init() {}

  public func callAsFunction(_ x: Value) -> Value { (x + 3).clamped(0, 6) / 6 }
  public var outputRange: OutputRange? { .unitInterval }
}
