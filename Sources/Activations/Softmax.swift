import Registry
public import Tensors

/// Runs along axis 1: over the features of `[batch, features]`, the channels of `[batch, channels, height, width]`.
public struct Softmax: Activation {
  public static let name = "softmax"
  public static let summary = "e^x/Σe^x along the channel axis: positive, sums to one"
  public static let reference =
    "Bridle 1990, Probabilistic interpretation of feedforward classification network outputs"

  public init() {}

  public func callAsFunction(_ x: Value) -> Value { x.softmax(axis: x.channelAxis) }
  public var outputRange: OutputRange? { .distribution }
}
