import Registry
public import Tensors

public struct Uniform: Initializer {
  public static let name = "uniform"
  public static let summary = "numbers between two bounds, all equally likely"
  public static let formula = "U(low, high)"
  public static let reference = "LeCun et al. 1998, Efficient backprop; defaults of Keras' RandomUniform"

  @Parameter("lower bound") public var low = -0.05
  @Parameter("upper bound, which is not reached") public var high = 0.05

  public init() {}

  public func validate() throws {
    guard low <= high else { throw ArgumentError("low \(low) is above high \(high)", at: "low") }
  }

  public func callAsFunction(_ shape: Shape, _ fan: Fan, _ stream: inout RandomStream) -> Tensor {
    .uniform(shape, low, high, &stream)
  }
}
