public import Initializers
public import Registry
public import Tensors

/// `[batch, channels, height, width]` → `[batch, filters, height′, width′]`; parameters `weight`
/// `[filters, channels / groups, kernel, kernel]` and `bias` `[filters]`.
public struct Conv: Layer {
  public static let name = "conv"
  public static let summary = "filters slid over images"
  public static let formula = "y[f] = b[f] + Σ over channels c of x[c] ⋆ W[f, c], ⋆ the cross-correlation"
  public static let reference = "Fukushima 1980; LeCun et al. 1989; PyTorch's Conv2d"

  @Parameter("output channels", in: .above(0, through: greatestSize), example: 32) public var filters: Int
  @Parameter("height and width of a filter", in: 1...greatestWindow) public var kernel = 3
  @Parameter("pixels between neighbouring outputs", in: 1...greatestWindow) public var stride = 1
  @Parameter("zeros around the image: same pads (kernel − 1)/2, valid none") public var padding = Padding.same
  @Parameter("pixels between neighbouring taps of a filter", in: 1...greatestWindow) public var dilation = 1
  @Parameter("parts that the channels are split into, which do not see each other", in: 1...greatestSize)
  public var groups = 1
  @Parameter("whether a learned number is added to each output channel") public var bias = true
  @Parameter("first values of the filters; without it, the model's") public var initializer: (any Initializer)? = nil

  public init() {}

  public init(_ filters: Int) { self.filters = filters }

  public func validate() throws { try checkGroups(groups, divide: filters) }

  public func callAsFunction(_ x: Value, in scope: Scope) throws(ModelError) -> Value {
    let window = try scope.filterWindow(
      of: x, kernel: kernel, stride: stride, padding: padding, dilation: dilation, groups: groups)
    let channels = x.shape[1]
    try scope.check(window, fits: x)
    let area = kernel * kernel
    let weight = scope.parameter(
      "weight", [filters, channels / groups, kernel, kernel],
      fan: Fan(input: channels / groups * area, output: filters / groups * area),
      initializer: initializer, initialize: initializer?.initialization)
    let y = x.convolution(weight, window)
    return bias ? y + scope.parameter("bias", [filters], role: .bias).alongChannels(ofRank: 4) : y
  }
}
