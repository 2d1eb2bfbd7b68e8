/// The counter-based generator Philox 4×32-10 (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3").
///
/// A block of four words is a pure function of key and counter, so that no order of threads can change a number.
public struct Philox: Sendable {
  public let key: UInt64

  public init(key: UInt64) { self.key = key }

  /// The four words at `block` of `stream`.
  public func words(stream: UInt64, block: UInt64) -> SIMD4<UInt32> {
    // Four words rather than a vector of them: the multiplications are scalar, and moving words in and out would cost more.
    var (x, y) = (UInt32(truncatingIfNeeded: block), UInt32(truncatingIfNeeded: block >> 32))
    var (z, w) = (UInt32(truncatingIfNeeded: stream), UInt32(truncatingIfNeeded: stream >> 32))
    var (low, high) = (UInt32(truncatingIfNeeded: key), UInt32(truncatingIfNeeded: key >> 32))
    for _ in 0..<10 {
      let first = UInt64(x) &* 0xD251_1F53
      let second = UInt64(z) &* 0xCD9E_8D57
      (x, y, z, w) = (
        UInt32(truncatingIfNeeded: second >> 32) ^ y ^ low, UInt32(truncatingIfNeeded: second),
        UInt32(truncatingIfNeeded: first >> 32) ^ w ^ high, UInt32(truncatingIfNeeded: first)
      )
      low &+= 0x9E37_79B9
      high &+= 0xBB67_AE85
    }
    return SIMD4(x, y, z, w)
  }

  /// The word at `position` of `stream`: blocks are read word by word.
  public func word(stream: UInt64, position: UInt64) -> UInt32 {
    words(stream: stream, block: position / 4)[Int(position % 4)]
  }

  /// A number in [0, 1) with 24 random bits, exact in Float32.
  public func uniform(stream: UInt64, position: UInt64) -> Double {
    Double(word(stream: stream, position: position) >> 8) * 0x1p-24
  }
}
