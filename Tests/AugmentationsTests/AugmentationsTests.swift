import Augmentations
import Registry
import Tensors
import TestSupport
import Testing

@Suite struct AugmentationsTests {
  /// Two channels, three rows, four columns; every value differs, none is 0.
  static let image = Image(channels: 2, height: 3, width: 4, pixels: (1...24).map { Float($0 * 10) })

  @Test("flips with certainty, and twice is the image itself", arguments: ["horizontal-flip(1)", "vertical-flip(1)"])
  func flips(_ specification: String) throws {
    let part = try make(specification)
    var stream = RandomStream(seed: 1, "flip")
    let once = part(Self.image, stream: &stream)
    for channel in 0..<2 {
      for row in 0..<3 {
        for column in 0..<4 {
          let source =
            specification.hasPrefix("h")
            ? Self.image[channel, row, 3 - column] : Self.image[channel, 2 - row, column]
          #expect(once[channel, row, column] == source, "\(specification) at \(channel), \(row), \(column)")
        }
      }
    }
    #expect(part(once, stream: &stream) == Self.image)
  }

  @Test("flips of every size", arguments: ["horizontal-flip(1)", "vertical-flip(1)"])
  func flipsOfEverySize(_ specification: String) throws {
    let part = try make(specification)
    var stream = RandomStream(seed: 1, "flip")
    for (height, width) in (1...19).flatMap({ [($0, 3), (2, $0), ($0, $0)] }) {
      let image = Self.numbered(channels: 2, height: height, width: width)
      let flipped = part(image, stream: &stream)
      let expected = Self.rearranged(image) { row, column in
        specification.hasPrefix("h") ? (row, width - 1 - column) : (height - 1 - row, column)
      }
      #expect(flipped == expected, "\(specification), \(height)×\(width)")
      #expect(image == Self.numbered(channels: 2, height: height, width: width), "the image that was given changed")
    }
  }

  @Test func aFlipHappensAsOftenAsItsProbability() throws {
    let part = try make("horizontal-flip(0.25)")
    let root = RandomStream(seed: 3, "often")
    let flipped = (0..<4000).count { index in
      var stream = root.substream(UInt64(index))
      return part(Self.image, stream: &stream) != Self.image
    }
    // Five deviations of a binomial count: 5·√(4000·¼·¾) = 137.
    #expect(abs(flipped - 1000) < 137, "\(flipped) of 4000")
  }

  @Test func aCropIsTheImageShiftedOverBlack() throws {
    let part = try make("random-crop(2)")
    var stream = RandomStream(seed: 5, "crop")
    var shifts: Set<[Int]> = []
    for _ in 0..<400 {
      let crop = part(Self.image, stream: &stream)
      let matching = (-2...2).flatMap { down in (-2...2).map { [down, $0] } }.filter { shift in
        shifted(Self.image, down: shift[0], right: shift[1]) == crop
      }
      #expect(matching.count == 1, "the crop is \(matching.count) of the shifts")
      shifts.formUnion(matching)
    }
    #expect(shifts.count == 25, "seen \(shifts.count) of 25 shifts")
  }

  @Test("crops that leave the image, in part or wholly", arguments: [(1, 1), (1, 6), (5, 1), (4, 3), (7, 9)])
  func wideCrops(height: Int, width: Int) throws {
    let part = try make("random-crop(11)")
    let image = Self.numbered(channels: 3, height: height, width: width)
    let possible = Set((-11...11).flatMap { down in (-11...11).map { shifted(image, down: down, right: $0).pixels } })
    var stream = RandomStream(seed: 5, "wide crops")
    var seen: Set<[Float]> = []
    for _ in 0..<4000 { seen.insert(part(image, stream: &stream).pixels) }
    #expect(seen.isSubset(of: possible), "\(height)×\(width): \(seen.subtracting(possible).first ?? []) is no shift")
    // Each shift has 1/529 of the draws, so that one which keeps a pixel is missed with probability e^−7.6.
    #expect(seen.count > possible.count * 9 / 10, "\(height)×\(width): \(seen.count) of \(possible.count) shifts")
  }

  @Test func brightnessScalesAllValuesAlikeAndStopsAtWhite() throws {
    let part = try make("brightness(0.5)")
    var stream = RandomStream(seed: 6, "brightness")
    var factors: [Float] = []
    for _ in 0..<200 {
      let bright = part(Self.image, stream: &stream)
      let factor = bright.pixels[0] / Self.image.pixels[0]
      factors.append(factor)
      expectClose(bright.pixels, Self.image.pixels.map { min(255, factor * $0) }, within: 1e-3, "factor \(factor)")
    }
    #expect(factors.allSatisfy { (0.5...1.5).contains($0) })
    #expect((factors.min() ?? 1) < 0.55 && (factors.max() ?? 1) > 1.45)
  }

  @Test func contrastKeepsTheMean() throws {
    let part = try make("contrast(0.2)")
    var stream = RandomStream(seed: 8, "contrast")
    let image = Image(channels: 1, height: 1, width: 4, pixels: [80, 100, 120, 140])
    for _ in 0..<20 {
      let changed = part(image, stream: &stream)
      #expect(abs(changed.pixels.reduce(0, +) / 4 - 110) < 1e-3, "\(changed.pixels)")
      #expect(changed.pixels != image.pixels)
    }
  }

  @Test func cutoutBlackensASquare() throws {
    let part = try make("cutout(4)")
    let image = Image(channels: 2, height: 9, width: 9, pixels: Array(repeating: 200, count: 162))
    var stream = RandomStream(seed: 9, "cutout")
    for _ in 0..<100 {
      let cut = part(image, stream: &stream)
      let rows = (0..<9).filter { row in (0..<9).contains { cut[0, row, $0] == 0 } }
      let columns = (0..<9).filter { column in (0..<9).contains { cut[0, $0, column] == 0 } }
      #expect((2...4).contains(rows.count) && (2...4).contains(columns.count), "\(rows) × \(columns)")
      #expect(cut.pixels.count { $0 == 0 } == 2 * rows.count * columns.count)
    }
  }

  @Test func aRotationByNothingIsTheImageItself() throws {
    var stream = RandomStream(seed: 1, "rotate")
    let part = try make("rotate(0)")
    let turned = part(Self.image, stream: &stream)
    #expect(turned == Self.image)
  }

  @Test func aRotatedDiscStaysWhatItIs() throws {
    let side = 21
    var image = Image(channels: 1, height: side, width: side, pixels: Array(repeating: 0, count: side * side))
    for row in 0..<side {
      for column in 0..<side {
        let (down, right) = (Float(row - 10), Float(column - 10))
        image[0, row, column] = max(0, 200 - 2 * (down * down + right * right))
      }
    }
    let part = try make("rotate(180)")
    var stream = RandomStream(seed: 2, "disc")
    for _ in 0..<10 {
      let turned = part(image, stream: &stream)
      // Linear interpolation of 2r² is off by at most half a pixel's second difference a direction, 2·(4/8), and
      // less than twice that at the rim, where the paraboloid ends in a kink.
      expectClose(turned.pixels, image.pixels, within: 12)
      #expect(turned != image)
    }
  }

  @Test("size, range and determinism")
  func laws() throws {
    let registry = try registry()
    let noise = RandomStream(seed: 4, "noise")
    for entry in registry.entries(of: "augmentation") {
      let part = try registry.make(entry.type.example, as: .augmentation, origin: "test")
      for (channels, height, width) in [(3, 8, 8), (1, 5, 9), (1, 1, 1), (3, 0, 0)] {
        var pixels = noise
        let image = Image(
          channels: channels, height: height, width: width,
          pixels: (0..<channels * height * width).map { _ in Float(pixels.uniform(0, 255)) })
        for index in 0..<20 {
          var (first, second) = (noise.substream(UInt64(index)), noise.substream(UInt64(index)))
          let changed = part(image, stream: &first)
          let place = "\(entry.name) on \(channels)×\(height)×\(width)"
          #expect(changed == part(image, stream: &second), "\(place): the same stream gives another image")
          #expect([changed.channels, changed.height, changed.width] == [channels, height, width], "\(place)")
          #expect(changed.pixels.count == image.pixels.count, "\(place)")
          #expect(changed.pixels.allSatisfy { (0...255).contains($0) }, "\(place): out of 0…255")
        }
      }
      if entry.type.init().parameters.contains(where: { $0.schema.label == "probability" }) {
        let never = try registry.make("\(entry.name)(probability: 0)", as: .augmentation, origin: "test")
        var stream = noise
        #expect(never(Self.image, stream: &stream) == Self.image, "\(entry.name) with probability 0")
      }
    }
  }

  private func shifted(_ image: Image, down: Int, right: Int) -> Image {
    Self.rearranged(image) { row, column in (row + down, column + right) }
  }

  /// The image whose pixel at (row, column) is the given one's at `source(row, column)`; black where that lies outside.
  private static func rearranged(_ image: Image, _ source: (Int, Int) -> (row: Int, column: Int)) -> Image {
    var result = image
    for channel in 0..<image.channels {
      for row in 0..<image.height {
        for column in 0..<image.width {
          let from = source(row, column)
          let isInside = (0..<image.height).contains(from.row) && (0..<image.width).contains(from.column)
          result[channel, row, column] = isInside ? image[channel, from.row, from.column] : 0
        }
      }
    }
    return result
  }

  /// Every value differs, none is 0.
  private static func numbered(channels: Int, height: Int, width: Int) -> Image {
    let count = channels * height * width
    return Image(
      channels: channels, height: height, width: width, pixels: (0..<count).map { Float($0 + 1) * 255 / Float(count) })
  }

  private func registry() throws -> Registry {
    var registry = Registry()
    AugmentationsPlugin.register(in: &registry)
    try registry.validate()
    return registry
  }

  private func make(_ specification: String) throws -> any Augmentation {
    try registry().make(specification, as: .augmentation, origin: "test")
  }
}

extension Augmentation {
  /// The image changed by the numbers of a stream, in the first epoch.
  fileprivate func callAsFunction(_ image: Image, stream: inout RandomStream) -> Image {
    var context = AugmentationContext(stream: stream, exampleStream: stream)
    defer { stream = context.stream }
    return self(image, &context)
  }
}
