public import Registry
public import Tensors

/// `[batch, channels, height, width]` → `[batch, channels, height + 2·padding, width + 2·padding]`.
public struct ZeroPad: Layer {
  public static let name = "zero-pad"
  public static let summary = "zeros around each image"
  public static let reference = "PyTorch's ZeroPad2d"

  @Parameter("rows and columns on each side", in: 0...greatestWindow) public var padding = 1

  public init() {}

  public func callAsFunction(_ x: Value, in scope: Scope) throws(ModelError) -> Value {
    try scope.checkImages(x)
    return x.padded(low: [0, 0, padding, padding], high: [0, 0, padding, padding])
  }
}
