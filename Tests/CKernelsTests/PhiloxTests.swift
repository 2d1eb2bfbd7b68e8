import CKernels
import Testing

@Suite struct PhiloxTests {
  struct Known: Sendable {
    let block, stream, key: UInt64
    let words: [UInt32]
  }

  /// The known answers that come with Random123 (Salmon et al. 2011).
  static let known = [
    Known(block: 0, stream: 0, key: 0, words: [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]),
    Known(block: .max, stream: .max, key: .max, words: [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]),
    Known(
      block: 0x85a3_08d3_243f_6a88, stream: 0x0370_7344_1319_8a2e, key: 0x299f_31d0_a409_3822,
      words: [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1]),
  ]

  /// The generator as the paper writes it.
  static func block(_ block: UInt64, stream: UInt64, key: UInt64) -> [UInt32] {
    func low(_ x: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: x) }
    func high(_ x: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: x >> 32) }
    var c = [low(block), high(block), low(stream), high(stream)]
    var k = (low(key), high(key))
    for _ in 0..<10 {
      let first = UInt64(c[0]) * 0xD251_1F53, second = UInt64(c[2]) * 0xCD9E_8D57
      c = [high(second) ^ c[1] ^ k.0, low(second), high(first) ^ c[3] ^ k.1, low(first)]
      k = (k.0 &+ 0x9E37_79B9, k.1 &+ 0xBB67_AE85)
    }
    return c
  }

  static func words(_ count: Int, key: UInt64, stream: UInt64, position: UInt64) -> [UInt32] {
    (0..<UInt64(count)).map { block((position + $0) / 4, stream: stream, key: key)[Int((position + $0) % 4)] }
  }

  @Test func theReferenceGivesTheKnownAnswers() {
    for one in Self.known { #expect(Self.block(one.block, stream: one.stream, key: one.key) == one.words) }
  }

  @Test func theKernelGivesTheKnownAnswers() {
    // Positions count words in 64 bits, so that only a block below 2⁶² can be asked for.
    let one = Self.known[0]
    var out = [Float](repeating: 0, count: 4)
    fledge_philox_uniform(&out, one.key, one.stream, 4 * one.block, 4)
    #expect(out == one.words.map { Float($0 >> 8) * 0x1p-24 })
  }

  @Test(arguments: [0, 1, 2, 3, 4, 5, 31, 33, 1 << 34 - 6, 0x3ffc_0000_0000_0001, .max - 200] as [UInt64])
  func anyStart(_ position: UInt64) {
    let key: UInt64 = 0x299f_31d0_a409_3822, stream: UInt64 = 0x0370_7344_1319_8a2e
    let wanted = Self.words(140, key: key, stream: stream, position: position)
    for count in oddCounts {
      var uniform = [Float](repeating: 7, count: count + 1)
      fledge_philox_uniform(&uniform, key, stream, position, count)
      #expect(uniform == wanted[..<count].map { Float($0 >> 8) * 0x1p-24 } + [7], "\(count) numbers")
    }
  }
}
