import Augmentations
import Registry
import Tensors

extension Augmentation {
  /// Each image changed by numbers of its own: of `[height, width]`, `[channels, height, width]`, or a batch of the latter.
  ///
  /// Throws `CommandError` for other shapes.
  func augmented(_ images: Tensor, seed: UInt64) throws -> Tensor {
    let sizes = images.shape.sizes
    guard (2...4).contains(sizes.count) else {
      throw CommandError(
        "\(Self.name) takes images [channels, height, width], values 0 to 255, one or a batch of them, not \(images.shape)"
      )
    }
    let axes = Array(repeating: 1, count: 4 - sizes.count) + sizes
    let (count, channels, height, width) = (axes[0], axes[1], axes[2], axes[3])
    let size = channels * height * width
    let values = images.floats
    let stream = RandomStream(seed: seed, "augmentation")
    var pixels: [Float] = []
    for index in 0..<count {
      let source = Array(values[index * size..<(index + 1) * size])
      let own = stream.substream(UInt64(index))
      var context = AugmentationContext(stream: own, exampleStream: own)
      pixels += self(Image(channels: channels, height: height, width: width, pixels: source), &context).pixels
    }
    guard let result = Tensor(images.shape, .float32(pixels)) else {
      throw CommandError("\(Self.name) changed the size of an image")
    }
    return result
  }
}
