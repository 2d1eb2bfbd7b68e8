public import Initializers
public import Registry
public import Tensors

/// `[batch, channels, height, width]` → `[batch, channels · multiplier, height′, width′]`; parameters `weight`
/// `[channels · multiplier, 1, kernel, kernel]` and `bias` `[channels · multiplier]`.
public struct DepthwiseConv: Layer {
  public static let name = "depthwise-conv"
  public static let summary = "filters slid over each channel by itself"
  public static let formula = "y[m·c + j] = b[m·c + j] + x[c] ⋆ W[m·c + j], ⋆ the cross-correlation, m the multiplier"
  public static let reference = "Sifre 2014; Chollet 2017; PyTorch's Conv2d with as many groups as channels"

  @Parameter("output channels for each input channel", in: .above(0, through: greatestSize)) public var multiplier = 1
  @Parameter("height and width of a filter", in: 1...greatestWindow) public var kernel = 3
  @Parameter("pixels between neighbouring outputs", in: 1...greatestWindow) public var stride = 1
  @Parameter("zeros around the image: same pads (kernel − 1)/2, valid none") public var padding = Padding.same
  @Parameter("pixels between neighbouring taps of a filter", in: 1...greatestWindow) public var dilation = 1
  @Parameter("whether a learned number is added to each output channel") public var bias = true
  @Parameter("first values of the filters; without it, the model's") public var initializer: (any Initializer)? = nil

  public init() {}

  public func callAsFunction(_ x: Value, in scope: Scope) throws(ModelError) -> Value {
    try scope.checkImages(x)
    var conv = Conv(x.shape[1] * multiplier)
    (conv.kernel, conv.stride, conv.padding, conv.dilation) = (kernel, stride, padding, dilation)
    (conv.groups, conv.bias, conv.initializer) = (x.shape[1], bias, initializer)
    return try conv(x, in: scope)
  }
}
