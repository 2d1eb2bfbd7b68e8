import Registry
public import Tensors

public struct Brightness: Augmentation {
  public static let name = "brightness"
  public static let summary = "every value times the same random factor"
  public static let formula = "y = min(255, b·x), b uniform in 1 − strength … 1 + strength"
  public static let reference = "Howard 2013, Some improvements on deep convolutional image classification"

  @Parameter("largest relative change", in: 0...1) public var strength = 0.2
  @Parameter("how often, as a part of all images", in: 0...1) public var probability = 1.0

  public init() {}

  public func callAsFunction(_ image: consuming Image, _ context: inout AugmentationContext) -> Image {
    guard context.stream.happens(probability) else { return image }
    let factor = Float(context.stream.uniform(1 - strength, 1 + strength))
    for index in image.pixels.indices { image.pixels[index] = min(255, factor * image.pixels[index]) }
    return image
  }
}
