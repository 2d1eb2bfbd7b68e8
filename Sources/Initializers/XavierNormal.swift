import Registry
public import Tensors

public struct XavierNormal: Initializer {
  public static let name = "xavier-normal"
  public static let summary = "normal numbers that keep the spread of activations and gradients through tanh layers"
  public static let formula = "N(0, σ²), σ = gain·√(2/(in + out))"
  public static let reference =
    "Glorot & Bengio 2010, Understanding the difficulty of training deep feedforward neural networks"

  @Parameter("factor for the activation that follows; 5/3 is customary for tanh", in: 0...) public var gain = 1.0

  public init() {}

  public func callAsFunction(_ shape: Shape, _ fan: Fan, _ stream: inout RandomStream) -> Tensor {
    Tensor.normal(shape, deviation: gain * fan.glorotVariance.squareRoot(), &stream)
  }
}
