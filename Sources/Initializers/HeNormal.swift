import Registry
public import Tensors

public struct HeNormal: Initializer {
  public static let name = "he-normal"
  public static let summary = "normal numbers that keep the spread through ReLU layers"
  public static let formula = "N(0, σ²), σ = √(2/((1 + slope²)·fan))"
  public static let reference = "He et al. 2015, Delving deep into rectifiers"

  @Parameter("keep the spread of activations (in) or of gradients (out)") public var fan = FanSide.in
  @Parameter("slope below zero of the activation that follows", in: 0...) public var slope = 0.0

  public init() {}

  public func callAsFunction(_ shape: Shape, _ fan: Fan, _ stream: inout RandomStream) -> Tensor {
    Tensor.normal(shape, deviation: self.fan.variance(fan, slope: slope).squareRoot(), &stream)
  }
}
