import Augmentations
import Registry
import Tensors
import Testing

@Suite struct AlternatingFlipTests {
  private static let image = Image(channels: 2, height: 1, width: 3, pixels: [1, 2, 3, 4, 5, 6])
  private static let flipped = Image(channels: 2, height: 1, width: 3, pixels: [3, 2, 1, 6, 5, 4])

  /// KellerJordan/cifar10-airbench, README: the first epoch flips at random, each later one shows the other side.
  @Test func everyImageShowsItsSidesInTurn() throws {
    let part = try make("alternating-flip")
    var startedFlipped = 0
    for example in 0..<400 {
      let sides = (0..<6).map { shown(part, example: example, epoch: $0) }
      #expect(sides.allSatisfy { $0 == Self.image || $0 == Self.flipped })
      for (now, next) in zip(sides, sides.dropFirst()) { #expect(now != next, "example \(example)") }
      if sides[0] == Self.flipped { startedFlipped += 1 }
    }
    // Five deviations of a binomial count: 5·√(400·¼) = 50.
    #expect(abs(startedFlipped - 200) < 50, "\(startedFlipped) of 400 begin flipped")
  }

  @Test func theSideDoesNotDependOnWhatOthersDraw() throws {
    let part = try make("alternating-flip")
    for example in 0..<20 {
      var context = context(example: example, epoch: 3)
      _ = context.stream.uniform()
      #expect(part(Self.image, &context) == shown(part, example: example, epoch: 3))
    }
  }

  @Test func thoseThatAreLeftOutAreLeftOutInEveryEpoch() throws {
    let part = try make("alternating-flip(0.25)")
    let flipping = (0..<400).count { example in
      let sides = (0..<2).map { shown(part, example: example, epoch: $0) }
      #expect(sides[0] == Self.image || sides[1] == Self.image)
      return sides[0] != sides[1]
    }
    // Five deviations of a binomial count: 5·√(400·¼·¾) = 43.
    #expect(abs(flipping - 100) < 43, "\(flipping) of 400")
  }

  private func shown(_ part: any Augmentation, example: Int, epoch: Int) -> Image {
    var context = context(example: example, epoch: epoch)
    return part(Self.image, &context)
  }

  private func context(example: Int, epoch: Int) -> AugmentationContext {
    AugmentationContext(
      epoch: epoch,
      stream: RandomStream(seed: 1, "epochs").substream(UInt64(epoch)).substream(UInt64(example)),
      exampleStream: RandomStream(seed: 1, "examples").substream(UInt64(example)))
  }

  private func make(_ specification: String) throws -> any Augmentation {
    var registry = Registry()
    AugmentationsPlugin.register(in: &registry)
    return try registry.make(specification, as: .augmentation, origin: "test")
  }
}
