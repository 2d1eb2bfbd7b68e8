import Registry
public import Tensors

public struct LecunUniform: Initializer {
  public static let name = "lecun-uniform"
  public static let summary = "uniform numbers that keep the spread of a weighted sum; for SELU"
  public static let formula = "U(−b, b), b = √(3/in)"
  public static let reference =
    "LeCun et al. 1998, Efficient backprop; Klambauer et al. 2017, Self-normalizing neural networks"

  public init() {}

  public func callAsFunction(_ shape: Shape, _ fan: Fan, _ stream: inout RandomStream) -> Tensor {
    Tensor.uniform(shape, bound: fan.lecunVariance.uniformBound, &stream)
  }
}
