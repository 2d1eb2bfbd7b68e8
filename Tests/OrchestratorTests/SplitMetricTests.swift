import Experiments
import Orchestrator
import Registry
import Tensors
import TestSupport
import Testing
import TrainingMetrics

/// Metrics of whole splits: measured by evaluations, padded rows left out, tables kept in the store.
@Suite struct SplitMetricTests {
  /// 5 validation and 12 test examples in batches of 12: of validation, seven rows only fill up.
  private func recipe(_ workshop: Workshop, metrics: String) -> Recipe {
    workshop.recipe {
      $0.metrics = metrics
      $0.epochs = 4
    }
  }

  @Test(arguments: try computingBackends())
  func theConfusionMatrixOfEachEpochIsStoredAndEvaluated(backend: String) throws {
    let workshop = try Workshop()
    let outcome = try workshop.train(
      workshop.recipe {
        $0 = recipe(workshop, metrics: "confusion-matrix, accuracy")
        $0.backend = backend
      })
    let tables = try workshop.store.tables(ofRun: outcome.runID, ofAllSteps: true)
    #expect(tables.map(\.split) == ["test"] + Array(repeating: "validation", count: 4))
    #expect(tables.map(\.step) == [16, 4, 8, 12, 16])
    for table in tables {
      #expect(table.name == "confusion-matrix" && table.rowAxis == "true" && table.columnAxis == "predicted")
      #expect(table.rows == ["iris", "rose", "tulip"] && table.columns == table.rows)
      let hits = [0, 4, 8].map { table.values[$0] }.reduce(0, +)
      let all = table.values.reduce(0, +)
      #expect(all == (table.split == "test" ? 12 : 5), "rows that fill up the batch do not count")
      let accuracy = try workshop.store.metrics(ofRun: outcome.runID, name: "\(table.split).accuracy")
        .first { $0.step == table.step }?.value
      #expect(accuracy == hits / all, "\(backend), \(table.split), step \(table.step)")
    }
    // It has no figure, of steps or of epochs; the first metric that has one is monitored.
    #expect(try workshop.monitor(outcome) == "validation.accuracy")
    #expect(outcome.figures.keys.allSatisfy { !$0.contains("confusion-matrix") })
    let run = try workshop.store.run(matching: outcome.runID)
    let evaluation = try workshop.orchestrator.evaluate(run, in: workshop.store, checkpoint: .last)
    #expect(evaluation.tables.map(\.values) == tables.filter { $0.split == "test" }.map(\.values))
  }

  @Test func figuresOfAWholeSplitGoWhereFiguresGo() throws {
    var registry = try allParts()
    registry.register(Share.self)
    let workshop = try Workshop(registry)
    let whole = try workshop.train(recipe(workshop, metrics: "share(1), accuracy"))
    let shares = try workshop.values(whole.runID, "validation.share.missed")
    let accuracies = try workshop.values(whole.runID, "validation.accuracy")
    #expect(shares.count == 4)
    expectClose(shares, accuracies.map { 1 - $0 }, within: 1e-12)
    #expect(try workshop.values(whole.runID, "validation.share") == accuracies)
    let directions = try workshop.store.metricSummaries(ofRun: whole.runID)
      .filter { $0.name.hasPrefix("validation.share") }.map(\.direction)
    #expect(directions == [.higher, .lower])
    #expect(try !workshop.store.metricNames(ofRun: whole.runID).contains { $0.hasPrefix("train.share") })
    // Two of one name are told apart by their arguments.
    let two = try workshop.train(recipe(workshop, metrics: "share(1), share(2)"))
    #expect(
      two.figures.keys.filter { $0.hasPrefix("test.share") }.sorted()
        == ["test.share(1)", "test.share(1).missed", "test.share(2)", "test.share(2).missed"])
    let stopped = try workshop.train(
      workshop.recipe {
        $0 = recipe(workshop, metrics: "share(1)")
        $0.optimizer = "sgd(0)"
        $0.epochs = 9
        $0.observers = "early-stopping(patience: 2, metric: validation.share.missed)"
      })
    #expect(stopped.status == .stopped && stopped.epochs == 3)
  }

  @Test func aRunThatIsTakenUpHasTheSameTables() throws {
    let workshop = try Workshop()
    let whole = try workshop.train(recipe(workshop, metrics: "confusion-matrix"))
    let interruption = Interruption()
    let watcher = Watcher { event in
      if case .stepped(let report) = event, report.step == 6 { interruption.request() }
      return .goOn
    }
    let cut = try workshop.train(
      recipe(workshop, metrics: "confusion-matrix"), observers: [watcher], interruption: interruption)
    _ = try workshop.orchestrator.resume(workshop.store.run(matching: cut.runID), in: workshop.store)
    let expected = try workshop.store.tables(ofRun: whole.runID, ofAllSteps: true)
    #expect(expected.count == 5)
    #expect(try workshop.store.tables(ofRun: cut.runID, ofAllSteps: true) == expected)
  }
}

/// The part of hits, and that of misses, as sums of a whole split.
private struct Share: SplitMetric {
  static let name = "share"
  static let summary = "hits and misses"
  static let reference = "none"
  @Parameter("without meaning", in: 1..., example: 1) var number: Int
  var figures: [(name: String, direction: MetricDirection)] { [("", .higher), ("missed", .lower)] }

  func sums(_ prediction: Value, _ target: Value, weights: Value) -> Value {
    (Accuracy()(prediction, target) * weights).total()
  }

  func finish(_ sums: Tensor, _ context: SplitContext) -> SplitMeasurement {
    let share = sums.doubles[0] / Double(context.examples)
    return SplitMeasurement(figures: ["": share, "missed": 1 - share])
  }
}
