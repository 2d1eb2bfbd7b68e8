import Registry
public import Tensors

public struct Constant: Initializer {
  public static let name = "constant"
  public static let summary = "every number the same"
  public static let formula = "value"
  public static let reference = "Goodfellow et al. 2016, Deep learning, section 8.4 (for biases)"

  @Parameter("the number") public var value = 0.0

  public init() {}

  public func callAsFunction(_ shape: Shape, _ fan: Fan, _ stream: inout RandomStream) -> Tensor {
    Tensor(shape) { _ in value }
  }
}
