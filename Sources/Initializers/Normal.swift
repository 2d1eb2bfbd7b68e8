import Registry
public import Tensors

public struct Normal: Initializer {
  public static let name = "normal"
  public static let summary = "normal numbers of a fixed deviation, whatever the size of the layer"
  public static let formula = "N(mean, deviation²)"
  public static let reference = "Krizhevsky et al. 2012, ImageNet classification (AlexNet)"

  @Parameter("standard deviation", in: 0...) public var deviation = 0.01
  @Parameter("mean") public var mean = 0.0

  public init() {}

  public func callAsFunction(_ shape: Shape, _ fan: Fan, _ stream: inout RandomStream) -> Tensor {
    .normal(shape, mean: mean, deviation: deviation, &stream)
  }
}
