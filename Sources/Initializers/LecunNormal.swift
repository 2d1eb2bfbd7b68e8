import Registry
public import Tensors

public struct LecunNormal: Initializer {
  public static let name = "lecun-normal"
  public static let summary = "normal numbers that keep the spread of a weighted sum; for SELU"
  public static let formula = "N(0, σ²), σ = √(1/in)"
  public static let reference =
    "LeCun et al. 1998, Efficient backprop; Klambauer et al. 2017, Self-normalizing neural networks"

  public init() {}

  public func callAsFunction(_ shape: Shape, _ fan: Fan, _ stream: inout RandomStream) -> Tensor {
    Tensor.normal(shape, deviation: fan.lecunVariance.squareRoot(), &stream)
  }
}
