public import Initializers
public import Registry
public import Tensors

/// `[batch, channels, height, width]` → `[batch, filters, height′, width′]`, the shape of images that a convolution of the
/// same window would make into the given ones; parameters `weight` `[channels, filters / groups, kernel, kernel]` and `bias`
/// `[filters]`.
public struct ConvTranspose: Layer {
  public static let name = "conv-transpose"
  public static let summary = "the transpose of conv: each pixel lays down its filters, stride pixels apart"
  public static let formula = "y = b + the gradient of Σ x·(y ⋆ W) with respect to y"
  public static let reference = "Zeiler et al. 2010; Dumoulin and Visin 2016; PyTorch's ConvTranspose2d"

  @Parameter("output channels", in: .above(0, through: greatestSize), example: 32) public var filters: Int
  @Parameter("height and width of a filter", in: 1...greatestWindow) public var kernel = 3
  @Parameter("output pixels from one input pixel's filters to the next", in: 1...greatestWindow) public var stride = 1
  @Parameter("rows and columns cut from each side: same leaves stride times the image, valid cuts none")
  public var padding = Padding.same
  @Parameter(
    "rows below and columns to the right that are added; without it, what padding same needs, else none",
    in: 0...)
  public var outputPadding: Int? = nil
  @Parameter("pixels between neighbouring taps of a filter", in: 1...greatestWindow) public var dilation = 1
  @Parameter("parts that the channels are split into, which do not see each other", in: 1...greatestSize)
  public var groups = 1
  @Parameter("whether a learned number is added to each output channel") public var bias = true
  @Parameter("first values of the filters; without it, the model's") public var initializer: (any Initializer)? = nil

  public init() {}

  public func validate() throws {
    try checkGroups(groups, divide: filters)
    // A convolution makes images of at most `stride` different heights into one height.
    if let outputPadding, outputPadding >= stride {
      throw ArgumentError(
        "output-padding \(outputPadding) must be less than the stride \(stride)", at: "output-padding")
    }
  }

  public func callAsFunction(_ x: Value, in scope: Scope) throws(ModelError) -> Value {
    let window = try scope.filterWindow(
      of: x, kernel: kernel, stride: stride, padding: padding, dilation: dilation, groups: groups)
    let channels = x.shape[1]
    let images: Shape = [x.shape[0], filters, outputSize(of: x.shape[2], window), outputSize(of: x.shape[3], window)]
    guard images[2] > 0, images[3] > 0 else {
      throw scope.error("padding \(window.padding) leaves nothing of the output; use less padding or a larger filter")
    }
    let area = kernel * kernel
    let weight = scope.parameter(
      "weight", [channels, filters / groups, kernel, kernel],
      // An output pixel sums over as many taps as reach it: one in stride² of each filter.
      fan: Fan(input: max(1, channels / groups * area / (stride * stride)), output: filters / groups * area),
      initializer: initializer, initialize: initializer?.initialization)
    let y = x.convolutionTranspose(weight, window, to: images)
    return bias ? y + scope.parameter("bias", [filters], role: .bias).alongChannels(ofRank: 4) : y
  }

  /// Dumoulin and Visin 2016, relationship 14.
  private func outputSize(of size: Int, _ window: Window) -> Int {
    (size - 1) * stride - 2 * window.padding.height + dilation * (kernel - 1) + 1 + addedRows(window)
  }

  private func addedRows(_ window: Window) -> Int {
    if let outputPadding { return outputPadding }
    guard padding == .same else { return 0 }
    return max(0, stride - 1 - dilation * (kernel - 1) + 2 * window.padding.height)
  }
}
