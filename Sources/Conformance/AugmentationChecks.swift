import Augmentations
import Registry
import Tensors

extension ConformanceSuite {
  func augmentationChecks(_ entry: Registry.Entry) -> [CheckResult] {
    [
      result(entry, "images") {
        try forEachImage(entry) { place, part, image, context in
          var context = context
          let changed = part(image, &context)
          guard
            (changed.channels, changed.height, changed.width) == (image.channels, image.height, image.width),
            changed.pixels.count == image.pixels.count
          else {
            throw Failure(
              "\(place): makes \(changed.channels)×\(changed.height)×\(changed.width) with \(changed.pixels.count) values"
            )
          }
          if let value = changed.pixels.first(where: { !($0 >= 0 && $0 <= 255) }) {
            throw Failure("\(place): makes the value \(value), expected 0 to 255")
          }
        }
      },
      result(entry, "repeatable") {
        try forEachImage(entry) { place, part, image, context in
          var (first, second) = (context, context)
          guard part(image, &first) == part(image, &second) else {
            throw Failure("\(place): the same context gives another image")
          }
        }
      },
    ]
  }

  /// Channels, height, width: square, odd, a single row, a single pixel, nothing.
  private static let imageSizes = [(3, 8, 8), (1, 5, 7), (2, 1, 9), (1, 1, 1), (1, 0, 0)]

  private func forEachImage(
    _ entry: Registry.Entry, _ body: (String, any Augmentation, Image, AugmentationContext) throws -> Void
  ) throws -> String {
    for (title, component) in try variants(of: entry) {
      guard let part = component as? any Augmentation else { continue }
      for (channels, height, width) in Self.imageSizes {
        for (content, image) in images(channels, height, width) {
          for index in 0..<12 {
            let place = "\(title) on \(content) \(channels)×\(height)×\(width), seed \(seed), stream \(index)"
            let context = AugmentationContext(
              epoch: index / 4, stream: stream("augmentation").substream(UInt64(index)),
              exampleStream: stream("augmentation of an example").substream(UInt64(index)))
            try body(place, part, image, context)
          }
        }
      }
    }
    return "\(Self.imageSizes.count) sizes"
  }

  private func images(_ channels: Int, _ height: Int, _ width: Int) -> [(content: String, image: Image)] {
    let count = channels * height * width
    let noise = uniform([count], "image").doubles.map { Float(($0 * 255).rounded()) }
    let pixels: [(String, [Float])] = [
      ("noise", noise), ("black", Array(repeating: 0, count: count)), ("white", Array(repeating: 255, count: count)),
    ]
    return pixels.map { ($0, Image(channels: channels, height: height, width: width, pixels: $1)) }
  }
}
