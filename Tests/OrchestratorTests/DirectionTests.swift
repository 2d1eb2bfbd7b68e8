import Experiments
import Orchestrator
import Registry
import Tensors
import Testing
import TrainingMetrics

/// Which way is better goes with a figure from the metric to all that compares it; names say nothing.
@Suite struct DirectionTests {
  private func workshop() throws -> Workshop {
    var registry = try allParts()
    registry.register(HitError.self)
    registry.register(Score.self)
    registry.register(Undefined.self)
    return try Workshop(registry)
  }

  @Test(arguments: [("hit-error", MetricDirection.higher), ("score", .lower)])
  func bestCheckpointStoreAndStoppingGoByTheMetricsOwnDirection(name: String, direction: MetricDirection) throws {
    let workshop = try workshop()
    func train(_ metric: String) throws -> TrainingOutcome {
      try workshop.train(
        workshop.recipe {
          $0.optimizer = "sgd(0.005)"
          $0.validation = 0.5
          $0.epochs = 40
          $0.metrics = metric
          $0.observers = "early-stopping(patience: 3, metric: validation.\(metric))"
        })
    }
    let expected = try train("accuracy")
    let accuracies = try workshop.values(expected.runID, "validation.accuracy")
    try #require(
      accuracies.count > 4 && expected.status == .stopped, "else too early a stop would not be seen: \(accuracies)")
    let outcome = try train(name)
    #expect(outcome.status == .stopped && outcome.epochs == expected.epochs && outcome.bestStep == expected.bestStep)
    for split in ["train", "validation", "test"] {
      let summary = try workshop.store.metricSummaries(ofRun: outcome.runID).first { $0.name == "\(split).\(name)" }
      #expect(summary?.direction == direction && summary?.best != nil, "\(split)")
      #expect(summary?.best == (direction == .lower ? summary?.minimum : summary?.maximum), "\(split)")
    }
  }

  @Test func everyFigureOfARunHasADirectionInTheStore() throws {
    let workshop = try workshop()
    let outcome = try workshop.train(
      workshop.recipe {
        $0.epochs = 1
        $0.regularizer = "l2(0.1)"
      })
    let directions = try workshop.store.metricSummaries(ofRun: outcome.runID).map { ($0.name, $0.direction) }
    let expected: [String: MetricDirection] = [
      "train.loss": .lower, "validation.loss": .lower, "test.loss": .lower, "train.penalty": .lower,
      "train.accuracy": .higher, "validation.accuracy": .higher, "test.accuracy": .higher, "learning-rate": .neither,
    ]
    #expect(Dictionary(directions) { first, _ in first } == expected)
  }

  @Test func aFigureThatIsNoNumberIsNeverBest() throws {
    let workshop = try workshop()
    let outcome = try workshop.train(
      workshop.recipe {
        $0.metrics = "undefined"
        $0.observers = "early-stopping(patience: 2, metric: validation.undefined)"
      })
    #expect(try workshop.values(outcome.runID, "validation.undefined").allSatisfy(\.isNaN))
    #expect(outcome.bestStep == nil && outcome.status == .stopped && outcome.epochs == 2)
    #expect(try !workshop.store.checkpoints(ofRun: outcome.runID).contains(where: \.isBest))
  }

  @Test func figuresOfOneNameAreRefused() throws {
    let workshop = try workshop()
    let text = message { _ = try workshop.train(workshop.recipe { $0.metrics = "accuracy, accuracy" }) }
    #expect(text.contains("two figures called 'accuracy'"), "\(text)")
  }
}

/// Rises, whatever it is called.
private struct HitError: MeanMetric {
  static let name = "hit-error"
  static let summary = "accuracy"
  static let reference = "none"
  func callAsFunction(_ prediction: Value, _ target: Value) -> Value { Accuracy()(prediction, target) }
  var direction: MetricDirection { .higher }
}

/// Falls, whatever it is called.
private struct Score: MeanMetric {
  static let name = "score"
  static let summary = "the part of wrong answers"
  static let reference = "none"
  func callAsFunction(_ prediction: Value, _ target: Value) -> Value { 1 - Accuracy()(prediction, target) }
  var direction: MetricDirection { .lower }
}

private struct Undefined: MeanMetric {
  static let name = "undefined"
  static let summary = "the logarithm of −1"
  static let reference = "none"
  func callAsFunction(_ prediction: Value, _ target: Value) -> Value {
    (Accuracy()(prediction, target) * 0 - 1).logarithm()
  }
  var direction: MetricDirection { .higher }
}
