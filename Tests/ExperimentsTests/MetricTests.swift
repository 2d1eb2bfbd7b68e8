import Experiments
import Foundation
import Registry
import Testing

/// Points and their summaries.
@Suite struct MetricTests {
  private func points(_ values: [Double], from first: Int = 1, name: String = "train.loss") -> [MetricPoint] {
    values.enumerated().map { MetricPoint(name: name, step: first + $0, epoch: 1, value: $1) }
  }

  @Test func pointsComeBackBitForBitAndInOrder() throws {
    let scratch = try Scratch()
    let store = try scratch.store()
    let recorder = try store.begin(NewRun(recipeYAML: ""))
    let values = [0.1, -0.0, .infinity, -.infinity, .leastNonzeroMagnitude, .greatestFiniteMagnitude, .nan, 1 / 3]
    try recorder.record(points(values).reversed())
    try recorder.flush()
    let read = try store.metrics(ofRun: "last", name: "train.loss")
    #expect(read.map(\.step) == Array(1...8))
    for (expected, point) in zip(values, read) {
      #expect(expected.isNaN ? point.value.isNaN : expected == point.value, "\(expected)")
    }
    let summary = try #require(try store.metricSummaries(ofRun: "last").first)
    #expect(summary.minimum == -.infinity)
    #expect(summary.maximum == .infinity)
    #expect(summary.count == 8)
    #expect(summary.last == values.last)
  }

  @Test func summariesFollowBatchesReplacementsAndNaN() throws {
    let scratch = try Scratch()
    let store = try scratch.store()
    let recorder = try store.begin(NewRun(recipeYAML: ""))
    func record(_ points: [MetricPoint]) throws -> MetricSummary? {
      try recorder.record(points)
      try recorder.flush()
      return try store.metricSummaries(ofRun: "last").first { $0.name == "train.loss" }
    }
    var summary = try record(points([.nan]))
    #expect(summary?.count == 1)
    #expect(summary?.minimum.isNaN == true)
    #expect(summary?.last.isNaN == true)
    summary = try record(points([3, 1, 2], from: 2))
    #expect(summary == MetricSummary.expected(last: 2, minimum: 1, maximum: 3, count: 4, lastStep: 4))
    summary = try record(points([9, 5], from: 3))
    #expect(summary == MetricSummary.expected(last: 5, minimum: 3, maximum: 9, count: 4, lastStep: 4), "replaced")
    summary = try record(points([7, 8], from: 6) + points([0], from: 6))
    #expect(
      summary == MetricSummary.expected(last: 8, minimum: 0, maximum: 9, count: 6, lastStep: 7), "twice in a batch")
  }

  @Test func aHundredThousandPointsAreAllThere() throws {
    let scratch = try Scratch()
    let store = try scratch.store()
    let recorder = try store.begin(NewRun(recipeYAML: ""))
    let names = ["train.loss", "train.accuracy", "rate", "gradient.norm"]
    for step in 1...25_000 {
      try recorder.record(names.map { MetricPoint(name: $0, step: step, epoch: 1, value: Double(step)) })
    }
    try recorder.finish(.completed)
    #expect(try store.metricSummaries(ofRun: "last").map(\.count) == [25_000, 25_000, 25_000, 25_000])
    #expect(try store.metrics(ofRun: "last", name: "rate").reduce(0) { $0 + $1.value } == 312_512_500)
    #expect(try store.run(matching: "last").totalSteps == 25_000)
  }

  @Test func anUnknownMetricIsExplained() throws {
    let scratch = try Scratch()
    let store = try scratch.store()
    let recorder = try store.begin(NewRun(name: "r", recipeYAML: ""))
    #expect(
      storeError { _ = try store.metrics(ofRun: "r", name: "loss") }?.message
        == "run r has no metric 'loss'; it has recorded none yet")
    try recorder.record(points([1]))
    try recorder.flush()
    #expect(
      storeError { _ = try store.metrics(ofRun: "r", name: "train.los") }?.message
        == "run r has no metric 'train.los'; did you mean 'train.loss'?")
    #expect(
      storeError { _ = try store.metrics(ofRun: "r", name: "x") }?.message
        == "run r has no metric 'x'; it has train.loss")
  }

  @Test(arguments: [
    ("validation.loss", MetricDirection.lower), ("validation.accuracy", .higher), ("squared-error", .lower),
    ("glossiness", .higher), ("loss.scale", .higher),
  ])
  func whichWayIsBetterIsGuessedFromTheName(_ name: String, _ direction: MetricDirection) {
    #expect(MetricDirection(guessedFrom: name) == direction)
  }

  /// The name says the opposite: what was recorded counts, after points were replaced and forgotten, too.
  @Test(arguments: [
    (MetricDirection.lower, 1.0 as Double?, "validation.accuracy"), (.higher, 4, "validation.loss"),
    (.neither, nil, "validation.loss"),
  ])
  func theRecordedDirectionSaysWhatIsBest(_ direction: MetricDirection, _ best: Double?, _ name: String) throws {
    let scratch = try Scratch()
    let store = try scratch.store()
    let recorder = try store.begin(NewRun(name: "r", recipeYAML: ""))
    func record(_ values: [Double], from first: Int, _ direction: MetricDirection?) throws {
      try recorder.record(
        values.enumerated().map {
          MetricPoint(name: name, step: first + $0, epoch: 1, value: $1, direction: direction)
        })
      try recorder.flush()
    }
    try record([4, 2], from: 1, direction)
    #expect(try store.metrics(ofRun: "r", name: name).map(\.direction) == [direction, direction])
    try record([3], from: 3, nil)
    try record([1, 3], from: 2, nil)
    try recorder.saveCheckpoint(checkpoint(3, []))
    try record([9, -9], from: 4, direction)
    try recorder.finish(.interrupted)
    try store.resume(run: "r", after: 3).finish(.completed)
    let summary = try #require(try store.metricSummaries(ofRun: "r").first)
    #expect(summary.direction == direction)
    #expect(summary.best == best)
    let listing = try store.list(RunQuery(columns: ["best(\(name))"]))
    #expect(listing.rows == [[best.map(RunValue.number) ?? .none]])
    let isFound = try store.list(RunQuery(where: "best(\(name)) = \(best ?? 0)")).rows.count == 1
    #expect(isFound == (best != nil))
  }
}

extension MetricSummary {
  /// Decoded, because strangers cannot make one.
  static func expected(last: Double, minimum: Double, maximum: Double, count: Int, lastStep: Int) -> MetricSummary? {
    let json = """
      {"name":"train.loss","last":\(last),"minimum":\(minimum),"maximum":\(maximum),"count":\(count),"lastStep":\(lastStep),"direction":"lower"}
      """
    return try? JSONDecoder().decode(MetricSummary.self, from: Data(json.utf8))
  }
}
