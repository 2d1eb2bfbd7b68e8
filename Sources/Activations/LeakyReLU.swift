public import Registry
public import Tensors

public struct LeakyReLU: Activation {
  public static let name = "leaky-relu"
  public static let summary = "x for x ≥ 0, slope·x below"
  public static let reference = "Maas et al. 2013, Rectifier nonlinearities improve neural network acoustic models"

  @Parameter("slope below zero", in: 0...1) public var slope = 0.01

  public init() {}

  public func callAsFunction(_ x: Value) -> Value { max(x, 0) + slope * min(x, 0) }
}
