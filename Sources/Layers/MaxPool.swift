public import Registry
public import Tensors

/// `[batch, channels, height, width]` → `[batch, channels, height′, width′]`. Padding never wins.
public struct MaxPool: Layer {
  public static let name = "max-pool"
  public static let summary = "the greatest value under a window slid over images"
  public static let reference = "Riesenhuber & Poggio 1999; PyTorch's MaxPool2d"

  @Parameter("height and width of the window", in: 1...greatestWindow) public var size = 2
  @Parameter("pixels between neighbouring windows; without it, the size", in: 1...) public var stride: Int? = nil
  @Parameter("pixels around the image, at most half the size", in: 0...greatestWindow) public var padding = 0

  public init() {}

  public func validate() throws { try checkPadding(padding, ofWindow: size) }

  public func callAsFunction(_ x: Value, in scope: Scope) throws(ModelError) -> Value {
    x.maxPool(try scope.poolWindow(of: x, size: size, stride: stride, padding: padding))
  }
}
