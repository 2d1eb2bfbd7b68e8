import Registry
public import Tensors

/// Runs along axis 1: over the features of `[batch, features]`, the channels of `[batch, channels, height, width]`.
public struct LogSoftmax: Activation {
  public static let name = "log-softmax"
  public static let summary = "x − log Σe^x along the channel axis"
  public static let reference =
    "Bridle 1990, Probabilistic interpretation of feedforward classification network outputs"

  public init() {}

  public func callAsFunction(_ x: Value) -> Value { x - x.logarithmOfSumOfExponentials(axis: x.channelAxis) }
}
