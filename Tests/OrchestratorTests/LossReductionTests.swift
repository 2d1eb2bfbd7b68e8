import Experiments
import Foundation
import Orchestrator
import Tensors
import TestSupport
import Testing

@Suite struct LossReductionTests {
  /// 60 examples, 30, 20 and 10 of a class, in batches of 16, the last of them of 12.
  private static func uneven(_ workshop: Workshop) throws -> Recipe {
    let rows = (0..<60).map { row -> String in
      let kind = [0, 1, 0, 1, 0, 2][row % 6]
      return String(format: "%.4f,%.4f,", sin(Double(row)) + Double(kind), cos(1.3 * Double(row)))
        + ["x", "y", "z"][kind]
    }
    try workshop.write("uneven.csv", "a,b,kind\n" + rows.joined(separator: "\n") + "\n")
    return workshop.recipe {
      $0.dataset = "csv('uneven.csv', label: kind, test: 0)"
      $0.model = "dense(3)"
      $0.batch = 16
      $0.epochs = 1
      $0.validation = 0
      $0.optimizer = "sgd(0)"
    }
  }

  private func loss(_ specification: String, _ workshop: Workshop, validation: Double = 0) throws -> Double {
    var recipe = try Self.uneven(workshop)
    recipe.loss = specification
    recipe.validation = validation
    let outcome = try workshop.train(recipe)
    return try #require(outcome.figures[validation > 0 ? "validation.loss" : "train.loss"])
  }

  /// Where the weights stay, the loss of an epoch is Σ nᵢ·wᵢ·lᵢ / Σ nᵢ·wᵢ of the means lᵢ of the classes, across batches.
  @Test func aWeightedLossIsAMeanOverTheWholeSplit() throws {
    let workshop = try Workshop()
    func weighted(_ weights: String) throws -> Double {
      try loss("softmax-cross-entropy(class-weights: \(weights))", workshop)
    }
    let (x, y, z) = (try weighted("[1, 0, 0]"), try weighted("[0, 1, 0]"), try weighted("[0, 0, 1]"))
    #expect(Set([x, y, z]).count == 3)
    let plain = try loss("softmax-cross-entropy", workshop)
    #expect(abs(plain - (30 * x + 20 * y + 10 * z) / 60) < 1e-9)
    #expect(abs(try weighted("[1, 1, 1]") - plain) < 1e-9)
    #expect(abs(try weighted("[0.5, 1, 4]") - (15 * x + 20 * y + 40 * z) / 75) < 1e-9)
    #expect(abs(try weighted("balanced") - (x + y + z) / 3) < 1e-9, "all classes count the same")
  }

  @Test func anEvaluationWeighsTheWholeSplitToo() throws {
    let workshop = try Workshop()
    func weighted(_ weights: String) throws -> Double {
      try loss("softmax-cross-entropy(class-weights: \(weights))", workshop, validation: 0.5)
    }
    let (x, rest) = (try weighted("[1, 0, 0]"), try weighted("[0, 1, 1]"))
    let plain = try loss("softmax-cross-entropy", workshop, validation: 0.5)
    // The share of the first class in the validation split follows from two of the means; a third must agree with it.
    let share = (plain - rest) / (x - rest)
    #expect(share > 0 && share < 1)
    let expected = (3 * share * x + (1 - share) * rest) / (3 * share + 1 - share)
    #expect(abs(try weighted("[3, 1, 1]") - expected) < 1e-9)
  }

  @Test func theSumScalesTheObjectiveAlone() throws {
    let workshop = try Workshop()
    func run(_ reduction: String, rate: Double) throws -> (weights: [Float], losses: [Double], penalties: [Double]) {
      var recipe = try Self.uneven(workshop)
      recipe.batch = 20
      recipe.epochs = 2
      recipe.loss = "softmax-cross-entropy(reduction: \(reduction))"
      recipe.optimizer = "sgd(\(rate))"
      recipe.regularizer = "l2(\(reduction == "sum" ? 0.2 : 0.01))"
      _ = try workshop.train(recipe)
      let weights = try workshop.orchestrator.weights(
        of: workshop.store.run(matching: "last"), in: workshop.store, checkpoint: .last)
      return (
        weights.flatMap(\.elements), try workshop.values("last", "train.loss"),
        try workshop.values("last", "train.penalty")
      )
    }
    let (mean, sum) = (try run("mean", rate: 0.2), try run("sum", rate: 0.01))
    #expect(mean.weights.count == 9 && mean.losses.count == 6 && mean.penalties.count == 6)
    expectClose(sum.weights, mean.weights, within: 1e-6, "weights")
    expectClose(sum.losses, mean.losses, within: 1e-6, "losses")
    expectClose(sum.penalties, mean.penalties.map { 20 * $0 }, within: 1e-6, "penalties")
    #expect(mean.penalties.allSatisfy { $0 > 0 })
  }

  @Test func aListOfAnotherLengthIsRefused() throws {
    let workshop = try Workshop()
    let text = message {
      _ = try loss("softmax-cross-entropy(class-weights: [1, 2])", workshop)
    }
    #expect(text.contains("loss softmax-cross-entropy has 2 class-weights for 3 classes: give one a class"), "\(text)")
  }
}
