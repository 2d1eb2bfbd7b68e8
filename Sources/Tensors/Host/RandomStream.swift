import Foundation

/// A sequence of random numbers named by a seed and a stream, readable from any position.
///
/// Streams with different names are independent. Who draws for example number n makes a stream of its own for it
/// (`substream(n)`), so that workers and interruptions cannot change what is drawn.
public struct RandomStream: Sendable, RandomNumberGenerator {
  private let generator: Philox
  private let stream: UInt64
  private var position: UInt64 = 0

  /// The stream `name` of a seed.
  public init(seed: UInt64, _ name: String) {
    generator = Philox(key: seed)
    stream = Self.identifier(name)
  }

  /// The number of a stream's name (FNV-1a).
  public static func identifier(_ name: String) -> UInt64 {
    name.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
  }

  private init(generator: Philox, stream: UInt64) {
    self.generator = generator
    self.stream = stream
  }

  /// The independent stream number `index` below this one.
  public func substream(_ index: UInt64) -> RandomStream {
    let block = generator.words(stream: stream ^ 0x9E37_79B9_7F4A_7C15, block: index)
    return RandomStream(generator: generator, stream: UInt64(block.x) << 32 | UInt64(block.y))
  }

  public mutating func next() -> UInt64 {
    let block = generator.words(stream: stream, block: position)
    position += 1
    return UInt64(block.x) << 32 | UInt64(block.y)
  }

  /// Leaves out so many words.
  mutating func skip(_ words: Int) { position += UInt64(words) }

  /// A number in [0, 1) with 53 random bits.
  public mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// A number in [low, high).
  public mutating func uniform(_ low: Double, _ high: Double) -> Double { low + (high - low) * uniform() }

  /// A standard normal number (Box & Muller 1958).
  public mutating func normal() -> Double {
    let radius = (-2 * log(1 - uniform())).squareRoot()
    return radius * cos(2 * .pi * uniform())
  }

  /// Whether an event of this probability happens.
  public mutating func happens(_ probability: Double) -> Bool { uniform() < probability }

  /// A whole number in 0..<bound. Multiplication keeps it independent of the standard library's algorithm.
  public mutating func index(below bound: Int) -> Int {
    Int(truncatingIfNeeded: next().multipliedFullWidth(by: UInt64(bound)).high)
  }

  /// 0..<count in random order (Fisher & Yates).
  public mutating func permutation(_ count: Int) -> [Int] {
    var order = Array(0..<count)
    for last in stride(from: count - 1, to: 0, by: -1) { order.swapAt(last, index(below: last + 1)) }
    return order
  }
}
