import Tensors
import Testing

@Suite struct RandomTests {
  /// Random123's known-answer tests (kat_vectors, philox4x32 10).
  @Test(arguments: [
    (UInt64(0), UInt64(0), UInt64(0), [0x6627_E8D5, 0xE169_C58D, 0xBC57_AC4C, 0x9B00_DBD8] as [UInt32]),
    (.max, .max, .max, [0x408F_276D, 0x41C8_3B0E, 0xA20B_C7C6, 0x6D54_51FD]),
    (
      0x299F_31D0_A409_3822, 0x0370_7344_1319_8A2E, 0x85A3_08D3_243F_6A88,
      [0xD16C_FE09, 0x94FD_CCEB, 0x5001_E420, 0x2412_6EA1]
    ),
  ])
  func philoxGivesTheKnownAnswers(_ key: UInt64, _ stream: UInt64, _ block: UInt64, _ words: [UInt32]) {
    let generator = Philox(key: key)
    let found = generator.words(stream: stream, block: block)
    #expect((0..<4).map { found[$0] } == words)
  }

  @Test func wordsAreReadBlockByBlock() {
    let generator = Philox(key: 5)
    let block = generator.words(stream: 9, block: 3)
    #expect((0..<4).map { generator.word(stream: 9, position: 12 + $0) } == (0..<4).map { block[$0] })
    #expect(generator.uniform(stream: 9, position: 13) == Double(block[1] >> 8) / 16_777_216)
  }

  /// Pinned: a run's bits depend on these numbers.
  @Test func aStreamsNumbersDoNotChangeBetweenReleases() {
    var stream = RandomStream(seed: 42, "initial 0.weight")
    var child = stream.substream(7)
    #expect([stream.next(), stream.next(), child.next()] == pinned)
    #expect(RandomStream.identifier("") == 0xCBF2_9CE4_8422_2325)
    #expect(RandomStream.identifier("a") == 0xAF63_DC4C_8601_EC8C)
  }

  private let pinned: [UInt64] = [
    15_206_102_796_050_040_677, 13_328_211_612_430_122_437, 18_398_648_285_928_455_003,
  ]

  @Test func seedsNamesAndSubstreamsDiffer() {
    var streams = [
      RandomStream(seed: 1, "a"), RandomStream(seed: 2, "a"), RandomStream(seed: 1, "b"),
      RandomStream(seed: 1, "a").substream(0), RandomStream(seed: 1, "a").substream(1),
      RandomStream(seed: 1, "a").substream(0).substream(0),
    ]
    let firsts = streams.indices.map { streams[$0].next() }
    #expect(Set(firsts).count == firsts.count)
  }

  @Test func whatAStreamDrewDoesNotChangeItsSubstreams() {
    var used = RandomStream(seed: 3, "x")
    for _ in 0..<10 { _ = used.next() }
    var (first, second) = (used.substream(4), RandomStream(seed: 3, "x").substream(4))
    #expect(first.next() == second.next())
  }

  @Test(arguments: [0, 1, 100, 16_384, 50_001])
  func numbersOfAllProcessorsAreThoseOfOne(count: Int) {
    var (one, all) = (RandomStream(seed: 3, "x"), RandomStream(seed: 3, "x"))
    #expect(all.numbers(count, words: 2) { $0.normal() } == (0..<count).map { _ in one.normal() })
    #expect(all.next() == one.next())
  }

  @Test func copiesGoOnFromWhereTheyWere() {
    var stream = RandomStream(seed: 3, "x")
    _ = stream.next()
    var copy = stream
    #expect((0..<5).map { _ in stream.next() } == (0..<5).map { _ in copy.next() })
  }

  @Test func numbersAreDistributedAsTheyShould() {
    var stream = RandomStream(seed: 1, "moments")
    let uniform = (0..<20_000).map { _ in stream.uniform() }
    #expect(uniform.allSatisfy { $0 >= 0 && $0 < 1 })
    #expect(abs(uniform.reduce(0, +) / 20_000 - 0.5) < 0.01)
    let normal = (0..<20_000).map { _ in stream.normal() }
    #expect(abs(normal.reduce(0, +) / 20_000) < 0.03)
    #expect(abs(normal.reduce(0) { $0 + $1 * $1 } / 20_000 - 1) < 0.04)
    let range = (0..<1000).map { _ in stream.uniform(-3, -2) }
    #expect(range.allSatisfy { $0 >= -3 && $0 < -2 })
    let counts = (0..<30_000).reduce(into: [0, 0, 0]) { counts, _ in counts[stream.index(below: 3)] += 1 }
    #expect(counts.allSatisfy { abs($0 - 10_000) < 300 }, "\(counts)")
    let happened = (0..<10_000).filter { _ in stream.happens(0.3) }.count
    #expect(abs(happened - 3000) < 200)
    #expect((0..<100).allSatisfy { _ in !stream.happens(0) } && (0..<100).allSatisfy { _ in stream.happens(1) })
  }

  @Test func permutationsHoldEveryNumberOnce() {
    for count in [0, 1, 2, 100] {
      var stream = RandomStream(seed: 8, "order")
      let order = stream.permutation(count)
      #expect(order.sorted() == Array(0..<count), "\(count)")
      var again = RandomStream(seed: 8, "order")
      #expect(again.permutation(count) == order, "\(count)")
    }
    // All six orders of three come up about as often.
    var stream = RandomStream(seed: 8, "orders")
    let counts = (0..<6000).reduce(into: [[Int]: Int]()) { counts, _ in counts[stream.permutation(3), default: 0] += 1 }
    #expect(counts.count == 6 && counts.values.allSatisfy { abs($0 - 1000) < 150 }, "\(counts)")
  }
}
