public import Registry
import Tensors

/// Inputs `[count, 3, 32, 32]` as bytes. The classes come in turn, so that the first N hold as many of each.
///
/// Every image has its own random stream: image n is the same whatever the count.
public struct Shapes: Dataset {
  public static let name = "shapes"
  public static let summary = "ten classes of coloured shapes, 32×32, drawn at any place, size and angle; needs no file"
  public static let formula = "circle, square, triangle, star, cross, ring, frame, bar, crescent, heart"
  public static let reference = "Fledge's own"

  @Parameter("training images", in: 1...10_000_000) public var count = 5000
  @Parameter("test images", in: 0...10_000_000) public var test = 1000
  @Parameter("what the images follow from", in: 0...) public var seed = 0
  @Parameter("largest change of a pixel by noise, of 255", in: 0...255) public var noise = 20.0
  @Parameter("keep only so many of the training and of the test images", in: 1...) public var limit: Int? = nil

  public init() {}

  public func load(_ context: DatasetContext) throws(DatasetError) -> DatasetSplits {
    DatasetSplits(
      train: try examples(min(count, limit ?? count), "training"),
      test: test == 0 ? nil : try examples(min(test, limit ?? test), "test"))
  }

  private func examples(_ count: Int, _ split: String) throws(DatasetError) -> Examples {
    let side = ShapeDrawing.side
    let kinds = ShapeKind.allCases
    let stream = RandomStream(seed: UInt64(seed), "shapes \(split)")
    let imageSize = 3 * side * side
    try DatasetError.checkMemory(for: [count, imageSize], .uint8, remedy: "use a smaller count")
    let pixels = [UInt8](unsafeUninitializedCapacity: count * imageSize) { buffer, initialized in
      for index in 0..<count {
        var own = stream.substream(UInt64(index))
        let drawing = ShapeDrawing(kinds[index % kinds.count], noise: noise, &own)
        let image = buffer[index * imageSize..<(index + 1) * imageSize]
        drawing.draw(into: UnsafeMutableBufferPointer(rebasing: image), &own)
      }
      initialized = count * imageSize
    }
    guard let inputs = Tensor([count, 3, side, side], .uint8(pixels)),
      let targets = Tensor([count], .int32((0..<count).map { Int32($0 % kinds.count) })),
      let examples = Examples(inputs: inputs, targets: targets, classNames: kinds.map(\.rawValue))
    else { throw DatasetError(.countMismatch, "images and labels differ in number") }
    return examples
  }
}
