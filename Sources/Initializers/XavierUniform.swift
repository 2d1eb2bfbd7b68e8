import Registry
public import Tensors

public struct XavierUniform: Initializer {
  public static let name = "xavier-uniform"
  public static let summary = "uniform numbers that keep the spread of activations and gradients through tanh layers"
  public static let formula = "U(−b, b), b = gain·√(6/(in + out))"
  public static let reference =
    "Glorot & Bengio 2010, Understanding the difficulty of training deep feedforward neural networks"

  @Parameter("factor for the activation that follows; 5/3 is customary for tanh", in: 0...) public var gain = 1.0

  public init() {}

  public func callAsFunction(_ shape: Shape, _ fan: Fan, _ stream: inout RandomStream) -> Tensor {
    Tensor.uniform(shape, bound: gain * fan.glorotVariance.uniformBound, &stream)
  }
}
