import Registry
public import Tensors

public struct RandomCrop: Augmentation {
  public static let name = "random-crop"
  public static let summary = "a window of the image's own size, somewhere in the image with a black border"
  public static let formula = "y[c, i, j] = x[c, i + u, j + v], u and v whole in −padding…padding, 0 outside"
  public static let reference = "He et al. 2016, Deep residual learning, section 4.2"

  @Parameter("width of the border in pixels", in: 0...1024) public var padding = 4
  @Parameter("how often, as a part of all images", in: 0...1) public var probability = 1.0

  public init() {}

  public func callAsFunction(_ image: consuming Image, _ context: inout AugmentationContext) -> Image {
    guard context.stream.happens(probability) else { return image }
    let down = context.stream.index(below: 2 * padding + 1) - padding
    let right = context.stream.index(below: 2 * padding + 1) - padding
    image.shift(rows: down, columns: right)
    return image
  }
}
