import Experiments
import Foundation
import Testing

/// What a plane of bytes is like decides how it is written; it comes back whatever it is like.
@Suite struct CompressionTests {
  /// One byte of each element at a position in its plane; two chunks and the beginning of a third.
  private static let kinds: [(name: String, byte: @Sendable (Int, inout Noise) -> UInt8)] = [
    ("noise", { _, noise in noise.next() }),
    ("zeros", { _, _ in 0 }),
    ("runs", { index, _ in UInt8(index / 1000 % 7) }),
    ("few values", { _, noise in noise.next() % 8 * (noise.next() % 4) }),
    ("rare values", { index, noise in index % 50_000 == 0 ? 99 : noise.next() & noise.next() & 15 }),
    ("noise outside the sample", { index, noise in index % 16_384 < 1024 ? UInt8(index % 3) : noise.next() }),
    ("halving frequencies", { _, noise in UInt8(min(noise.next().leadingZeroBitCount, 7)) }),
  ]

  struct Noise {
    var state: UInt64 = 0x9E37_79B9_7F4A_7C15

    mutating func next() -> UInt8 {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return UInt8(truncatingIfNeeded: state >> 32)
    }
  }

  private static func bytes(_ elements: Int, size: Int, kinds: [Int]) -> [UInt8] {
    var noise = Noise()
    return (0..<elements).flatMap { index in
      (0..<size).map { plane in Self.kinds[kinds[plane % kinds.count]].byte(index % 262_144, &noise) }
    }
  }

  @Test(arguments: kinds.indices) func planesComeBack(_ kind: Int) throws {
    let scratch = try Scratch()
    let store = try scratch.store()
    let recorder = try store.begin(NewRun(recipeYAML: ""))
    let next = (kind + 1) % Self.kinds.count
    let tensors = [
      ("alike", 600_001, 4, [kind]), ("mixed", 300_000, 4, [kind, 0, next, kind]),
      ("double", 140_000, 8, [kind, next]), ("small", 5000, 4, [kind]), ("tiny", 3, 4, [kind]),
    ].map { name, elements, size, kinds in
      StoredTensor(
        name: name, elementType: "t", elementSize: size, shape: [elements],
        bytes: Self.bytes(elements, size: size, kinds: kinds))
    }
    try recorder.saveCheckpoint(checkpoint(1, tensors))
    try recorder.finish(.completed)
    let loaded = try scratch.store(.readOnly).loadCheckpoint(.last, ofRun: "last").tensors
    for (saved, found) in zip(tensors, loaded) { #expect(saved == found, "\(Self.kinds[kind].name), \(saved.name)") }
    #expect(loaded.count == tensors.count)
  }

  @Test(arguments: [
    ("zeros", 0.01), ("runs", 0.05), ("few values", 0.6), ("rare values", 0.5), ("halving frequencies", 0.3),
    ("noise", 1.001),
  ])
  func whatRepeatsShrinksAndNoiseDoesNotGrow(_ name: String, _ limit: Double) throws {
    let kind = try #require(Self.kinds.firstIndex { $0.name == name })
    let scratch = try Scratch()
    let store = try scratch.store()
    let recorder = try store.begin(NewRun(recipeYAML: ""))
    let tensor = StoredTensor(
      name: "w", elementType: "t", elementSize: 4, shape: [500_000],
      bytes: Self.bytes(500_000, size: 4, kinds: [kind]))
    try recorder.saveCheckpoint(checkpoint(1, [tensor]))
    try recorder.finish(.completed)
    let info = try #require(try store.checkpoints(ofRun: "last").first)
    let ratio = Double(info.storedBytes) / Double(info.rawBytes)
    #expect(ratio < limit, "\(name): \(ratio)")
  }

  @Test func numbersAreTheirBytes() throws {
    let numbers: [Float] = [1, -0.0, .infinity, .leastNonzeroMagnitude, 0x1.234568p-9] + randomWeights(99, seed: 1)
    let given = StoredTensor(name: "w", shape: [2, 52], numbers: numbers)
    let bytes = numbers.flatMap { number in (0..<4).map { UInt8(truncatingIfNeeded: number.bitPattern >> (8 * $0)) } }
    let same = StoredTensor(name: "w", elementType: "float32", elementSize: 4, shape: [2, 52], bytes: bytes)
    #expect(given.bytes == bytes)
    #expect(given == same && given.hashValue == same.hashValue)
    #expect(given != StoredTensor(name: "w", shape: [2, 52], numbers: numbers.reversed()))
    let scratch = try Scratch()
    let store = try scratch.store()
    let recorder = try store.begin(NewRun(recipeYAML: ""))
    try recorder.saveCheckpoint(checkpoint(1, [given]))
    try recorder.finish(.completed)
    #expect(try store.loadCheckpoint(.last, ofRun: "last").tensors == [same])
  }

  /// Many checkpoints, one after the other: the log is folded and written from its start again.
  @Test func theLogStaysSmallWhileCheckpointsCome() throws {
    let scratch = try Scratch()
    let store = try scratch.store()
    let recorder = try store.begin(NewRun(recipeYAML: ""))
    for step in 1...24 {
      try recorder.saveCheckpoint(checkpoint(step, [tensor("w", randomWeights(1_000_000, seed: UInt64(step)))]))
      try recorder.flush()
      let attributes = try FileManager.default.attributesOfItem(atPath: scratch.path + "-wal")
      let bytes = (attributes[.size] as? NSNumber)?.intValue ?? 0
      #expect(bytes < 48 << 20, "step \(step): \(bytes) bytes")
    }
    try recorder.finish(.completed)
    #expect(try scratch.store(.readOnly).loadCheckpoint(.step(23), ofRun: "last").step == 23)
    try store.close()
    #expect(scratch.size < 24 << 20, "\(scratch.size) bytes for two checkpoints of 4 MB and what was deleted")
  }

  /// A store of an earlier Fledge has smaller pages, and keeps them.
  @Test func aStoreOfSmallPagesGoesOn() throws {
    let scratch = try Scratch()
    let store = try scratch.store()
    try store.begin(NewRun(name: "old", recipeYAML: "")).finish(.completed)
    try store.close()
    #expect(try scratch.figure("PRAGMA page_size") == 16_384)
    try scratch.shrinkPages(to: 4096)
    let again = try scratch.store()
    let recorder = try again.begin(NewRun(name: "new", recipeYAML: ""))
    let saved = checkpoint(1, [tensor("w", randomWeights(400_000, seed: 3))])
    try recorder.saveCheckpoint(saved)
    try recorder.finish(.completed)
    #expect(try again.loadCheckpoint(.last, ofRun: "new") == saved)
    #expect(try again.runs().count == 2)
    try again.close()
    #expect(try scratch.figure("PRAGMA page_size") == 4096)
  }
}
