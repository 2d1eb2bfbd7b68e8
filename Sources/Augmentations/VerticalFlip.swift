import Registry
public import Tensors

public struct VerticalFlip: Augmentation {
  public static let name = "vertical-flip"
  public static let summary = "top and bottom exchanged"
  public static let formula = "y[c, i, j] = x[c, height − 1 − i, j] with the probability"
  public static let reference = "Shorten & Khoshgoftaar 2019, A survey on image data augmentation"

  @Parameter("how often, as a part of all images", in: 0...1) public var probability = 0.5

  public init() {}

  public func callAsFunction(_ image: consuming Image, _ context: inout AugmentationContext) -> Image {
    guard context.stream.happens(probability) else { return image }
    image.mirrorRows()
    return image
  }
}
