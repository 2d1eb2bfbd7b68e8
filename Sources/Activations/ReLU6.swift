import Registry
public import Tensors

public struct ReLU6: Activation {
  public static let name = "relu6"
  public static let summary = "min(max(x, 0), 6)"
  public static let reference = "Krizhevsky 2010, Convolutional deep belief networks on CIFAR-10"

  public init() {}

  public func callAsFunction(_ x: Value) -> Value { x.clamped(0, 6) }
}
