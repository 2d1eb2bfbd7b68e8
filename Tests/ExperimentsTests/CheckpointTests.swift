import Experiments
import Foundation
import GRDB
import Testing

/// Checkpoints: bit for bit, once each, and never believed without their hash.
@Suite struct CheckpointTests {
  @Test func everyKindOfTensorComesBackBitForBit() throws {
    let scratch = try Scratch()
    let store = try scratch.store()
    let recorder = try store.begin(NewRun(recipeYAML: ""))
    let noise = randomWeights(700_000, seed: 4).withUnsafeBytes { Array($0) }
    let tensors = [
      StoredTensor(name: "scalar", elementType: "float64", elementSize: 8, shape: [], bytes: Array(noise.prefix(8))),
      StoredTensor(name: "empty", elementType: "float32", elementSize: 4, shape: [0, 3], bytes: []),
      StoredTensor(name: "one", elementType: "uint8", elementSize: 1, shape: [1], bytes: [255]),
      StoredTensor(
        name: "zeros", elementType: "float32", elementSize: 4, shape: [300_000],
        bytes: Array(repeating: 0, count: 1_200_000)),
      StoredTensor(
        name: "halves", elementType: "bfloat16", elementSize: 2, shape: [99, 7], bytes: Array(noise.prefix(1386))),
      StoredTensor(
        name: "threes", elementType: "odd", elementSize: 3, shape: [400_001], bytes: Array(noise.prefix(1_200_003))),
      StoredTensor(name: "chunks", elementType: "float32", elementSize: 4, shape: [700_000], bytes: noise),
      StoredTensor(
        name: "int64", elementType: "int64", elementSize: 8, shape: [131_073], bytes: Array(noise.prefix(1_048_584))),
      StoredTensor(
        name: "noise", elementType: "uint8", elementSize: 1, shape: [2_000_001], bytes: Array(noise.prefix(2_000_001))),
    ]
    let saved = Checkpoint(step: 7, epoch: 2, tensors: tensors, state: Array("{}".utf8), isBest: true, score: 0.5)
    try recorder.saveCheckpoint(saved)
    try recorder.finish(.completed)
    let loaded = try scratch.store(.readOnly).loadCheckpoint(.last, ofRun: "last")
    for (expected, found) in zip(saved.tensors, loaded.tensors) { #expect(expected == found, "\(expected.name)") }
    #expect(loaded == saved)
    #expect(try store.loadCheckpoint(.best, ofRun: "last") == saved)
    let info = try #require(try store.checkpoints(ofRun: "last").first)
    #expect(info.tensorCount == 9)
    #expect(info.rawBytes == tensors.reduce(2) { $0 + $1.bytes.count })
    #expect(info.storedBytes < info.rawBytes)
    #expect(info.score == 0.5)
    #expect(info.isBest)
  }

  @Test func randomWeightsAndAdamStateShrinkBelowNineTenths() throws {
    let scratch = try Scratch()
    let store = try scratch.store()
    let recorder = try store.begin(NewRun(recipeYAML: ""))
    let count = 300_000
    try recorder.saveCheckpoint(
      checkpoint(
        1,
        [
          tensor("0.weight", randomWeights(count, seed: 1)),
          tensor("adam.m", randomWeights(count, seed: 2, scale: 1e-3)),
          tensor("adam.v", randomWeights(count, seed: 3, scale: 1e-3).map { $0 * $0 }),
        ]))
    try recorder.flush()
    let info = try #require(try store.checkpoints(ofRun: "last").first)
    let ratio = Double(info.storedBytes) / Double(info.rawBytes)
    #expect(ratio <= 0.9, "the ratio is \(ratio)")
    #expect(ratio > 0.5, "noise cannot shrink so far: \(ratio)")
  }

  @Test func lastBestAndTheOneBeforeTheLastAreKept() throws {
    let scratch = try Scratch()
    let store = try scratch.store()
    let recorder = try store.begin(NewRun(recipeYAML: ""))
    for step in 1...6 {
      let weights = tensor("w", randomWeights(100, seed: UInt64(step)))
      try recorder.saveCheckpoint(checkpoint(step, [weights], isBest: step == 2 || step == 1, score: Double(step)))
    }
    try recorder.flush()
    let kept = try store.checkpoints(ofRun: "last")
    #expect(kept.map(\.step) == [2, 5, 6])
    #expect(kept.map(\.isBest) == [true, false, false])
    #expect(try store.loadCheckpoint(.best, ofRun: "last").step == 2)
    #expect(try store.loadCheckpoint(.step(5), ofRun: "last").step == 5)
    #expect(
      storeError { _ = try store.loadCheckpoint(.step(3), ofRun: "last") }?.message
        == "run last has no step-3 checkpoint; it has steps 2, 5, 6")
    try store.close()
    #expect(try scratch.figure("SELECT count(*) FROM blobs") == 6, "three tensors and three states")
  }

  @Test func allAreKeptOnRequest() throws {
    let scratch = try Scratch()
    let store = try scratch.store()
    let recorder = try store.begin(NewRun(recipeYAML: ""), keepsAllCheckpoints: true)
    for step in 1...5 { try recorder.saveCheckpoint(checkpoint(step, [tensor("w", [Float(step)])])) }
    try recorder.flush()
    #expect(try store.checkpoints(ofRun: "last").map(\.step) == [1, 2, 3, 4, 5])
    #expect(
      storeError { _ = try store.loadCheckpoint(.best, ofRun: "last") }?.message.contains("no best checkpoint") == true)
  }

  @Test func tensorsThatDidNotChangeAreStoredOnce() throws {
    let scratch = try Scratch()
    let store = try scratch.store()
    let frozen = tensor("frozen", randomWeights(5000, seed: 1))
    for _ in 0..<2 {
      let recorder = try store.begin(NewRun(recipeYAML: ""))
      for step in 1...3 {
        let copy = StoredTensor(
          name: "copy", elementType: "float32", elementSize: 4, shape: [50, 100], bytes: frozen.bytes)
        try recorder.saveCheckpoint(checkpoint(step, [frozen, copy, tensor("moving", [Float(step)])]))
      }
      try recorder.finish(.completed)
    }
    #expect(try store.loadCheckpoint(.last, ofRun: "last").tensors.map(\.name) == ["frozen", "copy", "moving"])
    try store.close()
    #expect(try scratch.figure("SELECT count(*) FROM tensors") == 12)
    #expect(try scratch.figure("SELECT count(*) FROM blobs") == 5, "frozen, and a moving and a state of two steps")
  }

  @Test func aStepSavedTwiceIsReplaced() throws {
    let scratch = try Scratch()
    let store = try scratch.store()
    let recorder = try store.begin(NewRun(recipeYAML: ""))
    try recorder.saveCheckpoint(checkpoint(3, [tensor("w", [1])]))
    try recorder.saveCheckpoint(checkpoint(3, [tensor("w", [2])], isBest: true))
    try recorder.flush()
    #expect(try store.checkpoints(ofRun: "last").count == 1)
    #expect(try store.loadCheckpoint(.best, ofRun: "last").tensors == [tensor("w", [2])])
    try store.close()
    #expect(try scratch.figure("SELECT count(*) FROM blobs") == 2)
  }

  @Test func bytesThatDoNotFitTheShapeAreRefused() throws {
    let scratch = try Scratch()
    let store = try scratch.store()
    let recorder = try store.begin(NewRun(recipeYAML: ""))
    try recorder.saveCheckpoint(checkpoint(1, [tensor("w", [1, 2, 3], shape: [2, 2])]))
    let error = storeError { try recorder.flush() }
    #expect(error?.message == "tensor 'w' should have 16 bytes by its shape, and has 12")
    #expect(try store.checkpoints(ofRun: "last").isEmpty)
  }

  @Test(arguments: ["data", "hash", "missing", "shape", "state"])
  func aCorruptedByteIsFoundAndTheOneBeforeOffered(_ damage: String) throws {
    let scratch = try Scratch()
    let store = try scratch.store()
    let recorder = try store.begin(NewRun(name: "r", recipeYAML: ""))
    for step in [10, 20] {
      try recorder.saveCheckpoint(checkpoint(step, [tensor("3.conv.weight", randomWeights(5000, seed: UInt64(step)))]))
    }
    try recorder.finish(.completed)
    try store.close()
    let blob =
      damage == "state"
      ? "(SELECT state FROM checkpoints WHERE step = 20)"
      : "(SELECT blob FROM tensors JOIN checkpoints c ON c.number = checkpoint WHERE c.step = 20)"
    let queue = try DatabaseQueue(path: scratch.path)
    let hash = try #require(
      try queue.read { try String.fetchOne($0, sql: "SELECT lower(hex(hash)) FROM blobs WHERE number = \(blob)") })
    try queue.close()
    switch damage {
    case "data", "state": try flipMiddleByte(ofChunkOf: blob, scratch)
    case "shape": try scratch.tamper("UPDATE tensors SET shape = '[5001]' WHERE blob = \(blob)")
    case "hash": try scratch.tamper("UPDATE blobs SET hash = zeroblob(32) WHERE number = \(blob)")
    default: try scratch.tamper("DELETE FROM blob_chunks WHERE blob = \(blob)")
    }
    let reader = try scratch.store(.readOnly)
    let error = try #require(storeError { _ = try reader.loadCheckpoint(.last, ofRun: "r") })
    let id = try reader.run(matching: "r").id
    let subject = damage == "state" ? "the trainer's state" : "tensor '3.conv.weight'"
    let expectedHash = damage == "hash" ? String(repeating: "0", count: 64) : hash
    #expect(
      error.message
        == "\(subject) of run \(id), checkpoint at step 20, is corrupted "
        + "(its bytes do not have the SHA-256 \(expectedHash)); the checkpoint at step 10 is intact: "
        + "resume with --from 10, or read it with --checkpoint 10")
    #expect(try reader.loadCheckpoint(.step(10), ofRun: "r").step == 10)
    try flipMiddleByte(ofChunkOf: "(SELECT state FROM checkpoints WHERE step = 10)", scratch)
    let both = storeError { _ = try scratch.store(.readOnly).loadCheckpoint(.last, ofRun: "r") }
    #expect(both?.message.hasSuffix("no other checkpoint of the run is intact: train it again") == true)
  }

  /// The examples of FIPS 180-4 (NIST, "Secure Hash Standard", SHA256.pdf): stores of one version open in the next.
  @Test(arguments: [
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
  ])
  func blobsAreKeptByTheirSHA256(_ text: String, _ expected: String) throws {
    let scratch = try Scratch()
    let store = try scratch.store()
    let recorder = try store.begin(NewRun(recipeYAML: ""))
    let bytes = Array(text.utf8)
    try recorder.saveCheckpoint(
      checkpoint(1, [StoredTensor(name: "t", elementType: "t", elementSize: 1, shape: [bytes.count], bytes: bytes)]))
    try recorder.finish(.completed)
    try store.close()
    let queue = try DatabaseQueue(path: scratch.path)
    let hashes = try queue.read { try String.fetchAll($0, sql: "SELECT lower(hex(hash)) FROM blobs") }
    #expect(hashes.contains(expected))
  }

  private func flipMiddleByte(ofChunkOf blob: String, _ scratch: Scratch) throws {
    let queue = try DatabaseQueue(path: scratch.path)
    try queue.write { database in
      guard var data = try Data.fetchOne(database, sql: "SELECT data FROM blob_chunks WHERE blob = \(blob)") else {
        return
      }
      data[data.count / 2] ^= 0x10
      try database.execute(sql: "UPDATE blob_chunks SET data = ? WHERE blob = \(blob)", arguments: [data])
    }
    try queue.close()
  }

  @Test func aDamagedPageOfTheFileIsNotBelieved() throws {
    let scratch = try Scratch()
    let store = try scratch.store()
    let recorder = try store.begin(NewRun(recipeYAML: ""))
    try recorder.saveCheckpoint(checkpoint(1, [tensor("w", randomWeights(200_000, seed: 1))]))
    try recorder.finish(.completed)
    try store.close()
    var file = try Data(contentsOf: URL(fileURLWithPath: scratch.path))
    for offset in stride(from: 300_000, to: file.count - 50_000, by: 4096) { file[offset] ^= 0xFF }
    try file.write(to: URL(fileURLWithPath: scratch.path))
    let error = storeError { _ = try scratch.store(.readOnly).loadCheckpoint(.last, ofRun: "last") }
    guard case .corrupted(let corruption)? = error?.code else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(corruption.tensor == "w")
    #expect(corruption.intactStep == nil)
  }
}
