import Registry
public import Tensors

/// `deviation` is that of the normal distribution before it is cut; what is left of it has 0.8796 of that.
public struct TruncatedNormal: Initializer {
  public static let name = "truncated-normal"
  public static let summary = "normal numbers, drawn again when farther than two deviations from the mean"
  public static let formula = "N(mean, deviation²) given |x − mean| ≤ 2·deviation"
  public static let reference = "TensorFlow's truncated_normal"

  @Parameter("standard deviation before cutting", in: 0...) public var deviation = 0.01
  @Parameter("mean") public var mean = 0.0

  public init() {}

  public func callAsFunction(_ shape: Shape, _ fan: Fan, _ stream: inout RandomStream) -> Tensor {
    Tensor(shape) { _ in
      var draw = stream.normal()
      while abs(draw) > 2 { draw = stream.normal() }
      return mean + deviation * draw
    }
  }
}
