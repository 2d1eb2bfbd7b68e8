import Registry
public import Tensors

public struct HorizontalFlip: Augmentation {
  public static let name = "horizontal-flip"
  public static let summary = "left and right exchanged"
  public static let formula = "y[c, i, j] = x[c, i, width − 1 − j] with the probability"
  public static let reference = "Krizhevsky et al. 2012, ImageNet classification (AlexNet)"

  @Parameter("how often, as a part of all images", in: 0...1) public var probability = 0.5

  public init() {}

  public func callAsFunction(_ image: consuming Image, _ context: inout AugmentationContext) -> Image {
    guard context.stream.happens(probability) else { return image }
    image.mirrorColumns()
    return image
  }
}
