import Registry
public import Tensors

public struct Cutout: Augmentation {
  public static let name = "cutout"
  public static let summary = "a black square at a random place, which may reach over the edge"
  public static let formula = "y = 0 in a square of size × size around a random pixel, x elsewhere"
  public static let reference = "DeVries & Taylor 2017, Improved regularization with cutout"

  @Parameter("side of the square in pixels", in: 1...4096) public var size = 8
  @Parameter("how often, as a part of all images", in: 0...1) public var probability = 1.0

  public init() {}

  public func callAsFunction(_ image: consuming Image, _ context: inout AugmentationContext) -> Image {
    guard !image.pixels.isEmpty, context.stream.happens(probability) else { return image }
    let top = context.stream.index(below: image.height) - size / 2
    let left = context.stream.index(below: image.width) - size / 2
    for channel in 0..<image.channels {
      for row in max(0, top)..<min(image.height, top + size) {
        for column in max(0, left)..<min(image.width, left + size) { image[channel, row, column] = 0 }
      }
    }
    return image
  }
}
