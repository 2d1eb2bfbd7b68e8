import Registry
public import Tensors

public struct Zeros: Initializer {
  public static let name = "zeros"
  public static let summary = "every number 0"
  public static let reference = "Goodfellow et al. 2016, Deep learning, section 8.4 (for biases)"

  public init() {}

  public func callAsFunction(_ shape: Shape, _ fan: Fan, _ stream: inout RandomStream) -> Tensor {
    Tensor(shape) { _ in 0 }
  }
}
