public import Registry
public import Tensors

/// `[batch, channels, height, width]` → `[batch, channels, height′, width′]`. Padding counts as zeros.
public struct AveragePool: Layer {
  public static let name = "average-pool"
  public static let summary = "the mean under a window slid over images"
  public static let reference = "LeCun et al. 1998, Gradient-based learning; PyTorch's AvgPool2d"

  @Parameter("height and width of the window", in: 1...greatestWindow) public var size = 2
  @Parameter("pixels between neighbouring windows; without it, the size", in: 1...) public var stride: Int? = nil
  @Parameter("pixels around the image, at most half the size", in: 0...greatestWindow) public var padding = 0

  public init() {}

  public func validate() throws { try checkPadding(padding, ofWindow: size) }

  public func callAsFunction(_ x: Value, in scope: Scope) throws(ModelError) -> Value {
    x.averagePool(try scope.poolWindow(of: x, size: size, stride: stride, padding: padding))
  }
}
