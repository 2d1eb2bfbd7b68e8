import Registry
public import Tensors

/// `[batch, channels, height, width]` → `[batch, channels]`.
public struct GlobalAveragePool: Layer {
  public static let name = "global-average-pool"
  public static let summary = "the mean of each channel"
  public static let reference = "Lin, Chen, Yan 2014, Network in network"

  public init() {}

  public func callAsFunction(_ x: Value, in scope: Scope) throws(ModelError) -> Value {
    try scope.checkImages(x)
    return x.mean(over: [2, 3]).reshaped([x.shape[0], x.shape[1]])
  }
}
