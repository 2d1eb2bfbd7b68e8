import Experiments
import Foundation
import Testing

/// Recording off the training thread, and taking a run up again.
@Suite struct RecorderTests {
  private func loss(_ steps: ClosedRange<Int>, _ value: Double = 1) -> [MetricPoint] {
    steps.map { MetricPoint(name: "train.loss", step: $0, epoch: 1, value: value) }
  }

  @Test func aCheckpointBringsThePointsBeforeIt() throws {
    let scratch = try Scratch()
    let store = try scratch.store()
    let recorder = try store.begin(NewRun(recipeYAML: ""))
    try recorder.record(loss(1...5))
    try recorder.saveCheckpoint(checkpoint(5, [tensor("w", [5])], epoch: 2))
    try recorder.flush()
    #expect(try store.metrics(ofRun: "last", name: "train.loss").count == 5)
    let run = try store.run(matching: "last")
    #expect(run.totalSteps == 5)
    #expect(run.epochs == 2)
    #expect(run.status == .running)
  }

  @Test func whatFailsInTheBackgroundIsThrownByTheNextCallAndPointsAreKept() throws {
    let scratch = try Scratch()
    let store = try scratch.store()
    let recorder = try store.begin(NewRun(recipeYAML: ""))
    try recorder.record(loss(1...3))
    try recorder.saveCheckpoint(checkpoint(3, [tensor("w", [1], shape: [9])]))
    #expect(storeError { try recorder.flush() }?.code == .invalidTensor(name: "w", expectedBytes: 36, foundBytes: 4))
    try recorder.flush()
    #expect(try store.metrics(ofRun: "last", name: "train.loss").count == 3)
    try recorder.finish(.failed, stopReason: "a test")
    #expect(try store.run(matching: "last").status == .failed)
  }

  @Test func aRunThatWasDeletedOrTakenOverIsLost() throws {
    let scratch = try Scratch()
    let store = try scratch.store()
    let recorder = try store.begin(NewRun(recipeYAML: ""))
    #expect(
      storeError { _ = try store.resume(run: "last", after: nil) }?.message.contains("is being trained by") == true)
    _ = try store.resume(run: "last", after: nil, owner: deadProcess(), evenIfActive: true)
    try recorder.record(loss(1...1))
    #expect(
      storeError { try recorder.flush() }?.message
        == "run \(recorder.run.id) was resumed or deleted by another process; this one can record no more of it")
    try store.delete(run: "last")
    #expect(storeError { try recorder.finish(.completed) }?.code == .lostRun(id: recorder.run.id))
    #expect(try store.runs().isEmpty)
  }

  @Test func aResumedRunForgetsWhatCameAfterItsCheckpoint() throws {
    let scratch = try Scratch()
    let store = try scratch.store()
    var run = NewRun(name: "r", recipeYAML: "")
    run.owner = deadProcess()
    let killed = try store.begin(run)
    try killed.record(loss(1...10, 3) + [MetricPoint(name: "validation.loss", step: 15, epoch: 1, value: 0)])
    try killed.saveCheckpoint(checkpoint(10, [tensor("w", [10])], epoch: 1))
    try killed.record(loss(11...20, 1))
    try killed.saveCheckpoint(checkpoint(20, [tensor("w", [20])], epoch: 2, isBest: true))
    try killed.record(loss(21...25, 0))
    try killed.flush()
    #expect(
      storeError { _ = try store.resume(run: "r", after: 12) }?.message
        == "run r has no step-12 checkpoint; it has steps 10, 20")

    let resumed = try store.resume(run: "r", after: 20)
    #expect(resumed.run.status == .running)
    #expect(resumed.run.owner == .current())
    #expect(resumed.run.totalSteps == 20)
    #expect(resumed.run.epochs == 2)
    #expect(try store.metrics(ofRun: "r", name: "train.loss").map(\.step) == Array(1...20))
    #expect(try store.metricSummaries(ofRun: "r").map(\.minimum) == [1, 0])
    try resumed.record(loss(21...30, 7))
    try resumed.finish(.completed)
    #expect(try store.metricSummaries(ofRun: "r").map(\.maximum) == [7, 0])

    let earlier = try store.resume(run: "r", after: 10)
    #expect(try store.checkpoints(ofRun: "r").map(\.step) == [10])
    #expect(try store.metricNames(ofRun: "r") == ["train.loss"], "a metric without points is gone")
    #expect(earlier.run.finished == nil)
    try earlier.finish(.interrupted)
    _ = try store.resume(run: "r", after: nil)
    #expect(try store.metricNames(ofRun: "r").isEmpty)
    #expect(try store.checkpoints(ofRun: "r").isEmpty)
    try store.close()
    #expect(try scratch.figure("SELECT count(*) FROM blobs") == 0)
  }

  @Test func wallTimeGoesOnWhereItWas() throws {
    let scratch = try Scratch()
    let store = try scratch.store()
    try store.begin(NewRun(recipeYAML: "")).finish(.interrupted)
    let before = try store.run(matching: "last").wallTimeSeconds
    try store.resume(run: "last", after: nil).finish(.completed)
    #expect(try store.run(matching: "last").wallTimeSeconds > before)
  }
}
