import CZlib
import Experiments
import Foundation
import Orchestrator
import Testing

/// A store that each released version wrote is opened, queried and resumed by today's code.
///
/// Fixtures/store-VERSION.sqlite.gz holds two runs of one recipe (reference backend, seed 7; augmentation apart, every
/// part with a state): `cut`, interrupted within an epoch, and `whole`, which early stopping ended.
@Suite struct ReleasedStoreTests {
  private struct Point: Hashable {
    let step: Int
    let epoch: Int
    let bits: UInt64
  }

  @Test(arguments: ["0.1.0"])
  func aRunOfAnEarlierVersionGoesOnAsIfItHadNotBeenCut(version: String) throws {
    let workshop = try Workshop()
    let path = "\(workshop.folder)/released.sqlite"
    try Self.unpack("store-\(version).sqlite.gz", to: path)
    let store = try ExperimentStore(path: path, access: .readWrite)
    defer { try? store.close() }

    let best = try store.list(
      RunQuery(sort: ["name"], columns: ["name", "status", "best(validation.accuracy)", "best(validation.loss)"]))
    let (accuracy, loss) = (RunValue.number(1 / 3), RunValue.number(1.1384288169635337))
    let expected: [[RunValue]] = [
      [.text("cut"), .text("interrupted"), accuracy, loss], [.text("whole"), .text("stopped"), accuracy, loss],
    ]
    #expect(best.rows == expected)
    #expect(
      try store.runs(RunQuery(where: "best(validation.accuracy) > 0.3 and best(train.loss) < 0.2")).map(\.name)
        == ["whole"])
    #expect(try store.metricSummaries(ofRun: "cut").map(\.count) == [5, 5, 5, 5, 19, 19, 19])
    #expect(try store.checkpoints(ofRun: "cut").map(\.step) == [12, 57, 58])

    let cut = try store.run(matching: "cut")
    #expect(cut.totalSteps == 58 && cut.versions["fledge"] == version)
    let outcome = try workshop.orchestrator.resume(cut, in: store)
    #expect(outcome.status == .stopped && outcome.steps == 162 && outcome.bestStep == 12)
    #expect(outcome.stopReason == (try store.run(matching: "whole").stopReason))
    #expect(try Self.points("cut", store) == Self.points("whole", store))
    #expect(try Self.tensors("cut", store) == Self.tensors("whole", store))
  }

  private static func points(_ run: String, _ store: ExperimentStore) throws -> [String: [Point]] {
    var points: [String: [Point]] = [:]
    for name in try store.metricNames(ofRun: run) {
      points[name] = try store.metrics(ofRun: run, name: name).map {
        Point(step: $0.step, epoch: $0.epoch, bits: $0.value.bitPattern)
      }
    }
    try #require(points.count >= 7 && points.values.allSatisfy { $0.count >= 16 })
    return points
  }

  private static func tensors(_ run: String, _ store: ExperimentStore) throws -> [String: [UInt8]] {
    let tensors = try store.loadCheckpoint(.last, ofRun: run).tensors
    try #require(tensors.count > 10)
    return Dictionary(tensors.map { ($0.name, $0.bytes) }) { first, _ in first }
  }

  private static func unpack(_ name: String, to path: String) throws {
    let fixture = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Fixtures/\(name)")
    let stream = try #require(gzopen(fixture.path, "rb"), "\(fixture.path)")
    defer { gzclose(stream) }
    var contents = [UInt8](repeating: 0, count: 1 << 22)
    let count = gzread(stream, &contents, UInt32(contents.count))
    try #require(count > 0 && count < contents.count && gzeof(stream) == 1)
    try Data(contents[..<Int(count)]).write(to: URL(fileURLWithPath: path))
  }
}
