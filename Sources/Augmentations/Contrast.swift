import Registry
public import Tensors

public struct Contrast: Augmentation {
  public static let name = "contrast"
  public static let summary = "the distance of every value from the image's mean times the same random factor"
  public static let formula = "y = clamp(m + b·(x − m)), m the mean, b uniform in 1 − strength … 1 + strength"
  public static let reference = "Howard 2013, Some improvements on deep convolutional image classification"

  @Parameter("largest relative change", in: 0...1) public var strength = 0.2
  @Parameter("how often, as a part of all images", in: 0...1) public var probability = 1.0

  public init() {}

  public func callAsFunction(_ image: consuming Image, _ context: inout AugmentationContext) -> Image {
    guard !image.pixels.isEmpty, context.stream.happens(probability) else { return image }
    let factor = Float(context.stream.uniform(1 - strength, 1 + strength))
    let mean = Float(image.pixels.reduce(0.0) { $0 + Double($1) } / Double(image.pixels.count))
    for index in image.pixels.indices {
      image.pixels[index] = min(255, max(0, mean + factor * (image.pixels[index] - mean)))
    }
    return image
  }
}
