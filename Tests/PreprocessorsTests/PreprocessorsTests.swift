import Preprocessors
import Registry
import Tensors
import TestSupport
import Testing

@Suite struct PreprocessorsTests {
  let images: Examples
  static let registered = ["scale", "channel-standardize", "mean-image", "channel-mean", "standardize"]

  init() throws { images = try Self.sample() }

  @Test func scaleDivides() throws {
    #expect(try outputs("scale", of: images)[7] == Self.row(images, 7).map { $0 / 255 })
    #expect(try outputs("scale(2)", of: images)[7] == Self.row(images, 7).map { $0 / 2 })
  }

  @Test func standardizedFeaturesHaveMeanZeroAndDeviationOne() throws {
    let rows = try outputs("standardize", of: images)
    for feature in 0..<24 { expectMoments(rows.map { $0[feature] }, mean: 0, deviation: 1, "feature \(feature)") }
  }

  @Test func standardizedChannelsHaveMeanZeroAndDeviationOne() throws {
    let rows = try outputs("channel-standardize", of: images)
    for channel in 0..<2 {
      let values = rows.flatMap { $0[channel * 12..<(channel + 1) * 12] }
      expectMoments(values, mean: 0, deviation: 1, "channel \(channel)")
    }
  }

  @Test func meansAreTakenAwayByPixelOrByChannel() throws {
    let byPixel = try outputs("mean-image", of: images)
    for pixel in 0..<24 { expectMoments(byPixel.map { $0[pixel] }, mean: 0, deviation: nil, "pixel \(pixel)") }
    let byChannel = try outputs("channel-mean", of: images)
    for channel in 0..<2 {
      let values = byChannel.flatMap { $0[channel * 12..<(channel + 1) * 12] }
      expectMoments(values, mean: 0, deviation: nil, "channel \(channel)")
    }
    let original = try Self.row(images, 3)
    let shift = zip(original, byChannel[3]).map { $0 - $1 }
    expectClose(shift[0..<12], Array(repeating: shift[0], count: 12), within: 1e-4, "one number a channel")
  }

  @Test func statisticsAreThoseWorkedOutByHand() throws {
    let inputs = try #require(Tensor([4, 2], .float32([1, 7, 2, 7, 3, 7, 6, 7])))
    let examples = try #require(Examples(inputs: inputs, targets: Tensor([4]) { _ in 0 }, classNames: nil))
    let fitted = try make("standardize").fitted(to: examples)
    // Feature 0: mean 3, squares (4 + 1 + 0 + 9)/4; feature 1 is constant.
    #expect(fitted.statistics["mean"]?.doubles == [3, 7])
    #expect(fitted.statistics["deviation"]?.doubles == [Double(3.5).squareRoot(), 1])
    var row: [Float] = [3, 8]
    fitted.apply(to: &row, shape: [2])
    #expect(row == [0, 1])
  }

  @Test func aConstantChannelIsOnlyShifted() throws {
    let constant = try Self.examples([9, 1, 2, 2], seed: 1) { _ in 77 }
    let fitted = try make("channel-standardize").fitted(to: constant)
    #expect(fitted.statistics["mean"]?.doubles == [77])
    #expect(fitted.statistics["deviation"]?.doubles == [1])
  }

  @Test func largeOffsetsDoNotSpoilTheVariance() throws {
    // The deviation of i = 0…999 is √((1000² − 1)/12); sums of squares about zero would lose it at this offset.
    let inputs = try #require(Tensor([1000, 1], .float64((0..<1000).map { 4_000_000 + Double($0) })))
    let examples = try #require(Examples(inputs: inputs, targets: Tensor([1000]) { _ in 0 }, classNames: nil))
    let deviation = try make("standardize").fitted(to: examples).statistics["deviation"]?.doubles[0] ?? 0
    #expect(abs(deviation - (999_999.0 / 12).squareRoot()) < 1e-9 * deviation, "\(deviation)")
  }

  @Test("what is restored changes inputs to the same bits", arguments: registered)
  func restored(_ name: String) throws {
    let part = try make(name)
    let fitted = try part.fitted(to: images)
    var stored: [String: Tensor] = [:]
    for (key, tensor) in fitted.statistics {
      let read: Tensor = try #require(Tensor(tensor.shape, tensor.elements.type, bytes: tensor.bytes))
      stored[key] = read
    }
    let restored = try part.restored(from: stored)
    #expect(restored.statistics == fitted.statistics)
    let shape = images.inputShape
    #expect(try restored.outputShape(for: shape) == fitted.outputShape(for: shape))
    for index in 0..<images.count {
      var (first, second) = (try Self.row(images, index), try Self.row(images, index))
      fitted.apply(to: &first, shape: shape)
      restored.apply(to: &second, shape: shape)
      #expect(first.map(\.bitPattern) == second.map(\.bitPattern), "\(name), example \(index)")
    }
  }

  @Test("only the training examples count", arguments: registered)
  func trainingOnly(_ name: String) throws {
    let all = try make(name).fitted(to: images).statistics
    let half = try make(name).fitted(to: images[0..<25]).statistics
    let again = try make(name).fitted(to: images[0..<25]).statistics
    #expect(half == again, "\(name)")
    #expect(all.isEmpty || all != half, "\(name) does not look at the examples")
  }

  private func expectMoments(_ values: [Float], mean: Double, deviation: Double?, _ title: String) {
    let count = Double(values.count)
    let found = values.reduce(0) { $0 + Double($1) } / count
    // Values of at most 255 in Float32 are off by less than 2⁻¹⁷ each.
    #expect(abs(found - mean) < 0x1p-16, "\(title): mean \(found)")
    guard let deviation else { return }
    let square = values.reduce(0) { $0 + (Double($1) - found) * (Double($1) - found) } / count
    #expect(abs(square.squareRoot() - deviation) < 1e-5, "\(title): deviation \(square.squareRoot())")
  }

  private func outputs(_ specification: String, of examples: Examples) throws -> [[Float]] {
    let fitted = try make(specification).fitted(to: examples)
    #expect(try fitted.outputShape(for: examples.inputShape) == examples.inputShape)
    return try (0..<examples.count).map { index in
      var row = try Self.row(examples, index)
      fitted.apply(to: &row, shape: examples.inputShape)
      return row
    }
  }
}

extension PreprocessorsTests {
  static func row(_ examples: Examples, _ index: Int) throws -> [Float] {
    var values: [Float] = []
    try examples.inputs.copyRow(index, into: &values)
    return values
  }

  static func examples(_ shape: Shape, seed: UInt64, _ value: (Double) -> UInt8) throws -> Examples {
    var stream = RandomStream(seed: seed, "examples")
    let bytes = (0..<shape.elementCount).map { _ in value(stream.normal()) }
    guard let inputs = Tensor(shape, .uint8(bytes)),
      let examples = Examples(inputs: inputs, targets: Tensor([shape[0]]) { _ in 0 }, classNames: nil)
    else { throw Mismatch() }
    return examples
  }

  /// Fifty images with two channels.
  static func sample() throws -> Examples {
    try examples([50, 2, 3, 4], seed: 1) { UInt8(clamping: Int(128 + 40 * $0)) }
  }

  struct Mismatch: Error {}

  static func registry() throws -> Registry {
    var registry = Registry()
    PreprocessorsPlugin.register(in: &registry)
    try registry.validate()
    return registry
  }

  func make(_ specification: String) throws -> any Preprocessor {
    try Self.registry().make(specification, as: .preprocessor, origin: "test")
  }
}
