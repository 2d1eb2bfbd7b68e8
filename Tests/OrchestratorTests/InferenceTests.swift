import Datasets
import Execution
import Experiments
import Foundation
import Losses
import Observers
import Optimizers
import Orchestrator
import Registry
import Tensors
import TestSupport
import Testing

/// What predicting, evaluating and exporting need of the parts that trained, and what predictions are.
@Suite struct InferenceTests {
  /// Trained by an optimizer, an observer and a backend that are gone since: nobody misses them.
  @Test func whatOnlyTrainsMayBeGone() throws {
    var registry = try allParts()
    registry.register(PassingOptimizer.self)
    registry.register(PassingObserver.self)
    registry.register(PassingBackend.self)
    let workshop = try Workshop(registry)
    let outcome = try workshop.train(
      workshop.recipe {
        $0.optimizer = "passing-optimizer(0.1)"
        $0.observers = "passing-observer"
        $0.backend = "passing-backend"
      })
    let run = try workshop.store.run(matching: outcome.runID)
    #expect(run.backend == "passing-backend")

    let later = Orchestrator(registry: try allParts(), environment: [:], workingFolder: workshop.folder)
    let input = Tensor([4]) { [2, -1, -1, 2][$0] }
    let then = try workshop.orchestrator.load(run, in: workshop.store, backend: "reference").predict([input])
    #expect(then.count == 1 && then[0].classIndex != nil)
    #expect(try later.load(run, in: workshop.store, backend: "reference").predict([input]) == then)
    #expect(
      try later.evaluate(run, in: workshop.store, checkpoint: .last, backend: "reference").figures["loss"]
        == outcome.figures["test.loss"])
    let weights = try later.weights(of: run, in: workshop.store)
    #expect(weights.map(\.name) == ["0.weight", "0.bias", "2.weight", "2.bias"])
    #expect(try weights == workshop.orchestrator.weights(of: run, in: workshop.store))
    #expect(
      message { _ = try later.resume(run, in: workshop.store, overriding: [("epochs", "4")]) }.contains(
        "passing-optimizer"))
  }

  @Test func theBackendIsTheFastestOrTheNamedOne() throws {
    let workshop = try Workshop()
    _ = try workshop.train(workshop.recipe())
    let run = try workshop.store.run(matching: "last")
    let input = Tensor([4]) { [2, -1, -1, 2][$0] }
    let outputs = try ["reference", "cpu", nil].map {
      try workshop.orchestrator.load(run, in: workshop.store, backend: $0).predict([input])[0].outputs.doubles
    }
    #expect(outputs[0] != outputs[1], "in Float64 and in Float32")
    #expect(outputs[2] == outputs[1], "cpu is the fastest")
    let wrong = message { _ = try workshop.orchestrator.load(run, in: workshop.store, backend: "cqu") }
    #expect(wrong.contains("--backend") && wrong.contains("'cpu'"), "\(wrong)")
  }

  @Test(
    "what the numbers are is the loss's word",
    arguments: [
      ("softmax-cross-entropy", "dense(8), relu, dense(3)", OutputMeaning.probabilities),
      ("hinge", "dense(8), relu, dense(3)", .scores),
    ])
  func classes(_ loss: String, _ model: String, _ meaning: OutputMeaning) throws {
    let predictions = try predict(loss: loss, model: model)
    for prediction in predictions {
      #expect(prediction.meaning == meaning && prediction.className != nil)
      let outputs = prediction.outputs.doubles
      #expect(outputs.count == 3 && prediction.classIndex == outputs.firstIndex(of: outputs.max() ?? .nan))
      if meaning == .probabilities {
        let powers = outputs.map { exp($0) }
        let expected = powers.map { $0 / powers.reduce(0, +) }
        expectClose(prediction.probabilities ?? [], expected, within: 1e-12)
      } else {
        #expect(prediction.probabilities == nil && prediction.values == prediction.outputs)
      }
    }
  }

  @Test("a model that ends in softmax is not softmaxed twice", arguments: ["softmax", "sequence(softmax)"])
  func softmaxOnce(_ last: String) throws {
    for prediction in try predict(loss: "softmax-cross-entropy", model: "dense(3), \(last)") {
      #expect(prediction.meaning == .probabilities && prediction.values == prediction.outputs)
      #expect(abs(prediction.outputs.doubles.reduce(0, +) - 1) < 1e-12)
    }
    for prediction in try predict(loss: "softmax-cross-entropy", model: "dense(3), log-softmax") {
      let expected = prediction.outputs.doubles.map { exp($0) }
      expectClose(prediction.probabilities ?? [], expected, within: 1e-12)
    }
  }

  @Test(
    "numbers, and probabilities of numbers",
    arguments: [
      ("mean-squared-error", "dense(1)", OutputMeaning.numbers),
      ("binary-cross-entropy", "dense(1)", .probabilities),
      ("binary-cross-entropy", "dense(1), sigmoid", .probabilities),
    ])
  func numbers(_ loss: String, _ model: String, _ meaning: OutputMeaning) throws {
    for prediction in try predict(dataset: "csv('slopes.csv', label: y, task: regression)", loss: loss, model: model) {
      #expect(prediction.meaning == meaning && prediction.classIndex == nil && prediction.className == nil)
      let output = try #require(prediction.outputs.doubles.first)
      let value = try #require(prediction.values.doubles.first)
      #expect(prediction.values.shape == prediction.outputs.shape)
      if meaning == .probabilities, !model.contains("sigmoid") {
        #expect(abs(value - 1 / (1 + exp(-output))) < 1e-12)
      } else {
        #expect(value == output)
      }
      #expect((prediction.probabilities == nil) == (meaning == .numbers))
    }
  }

  private func predict(
    dataset: String = "csv('flowers.csv', label: kind)", loss: String, model: String
  ) throws -> [LoadedModel.Prediction] {
    let workshop = try Workshop()
    _ = try workshop.train(
      workshop.recipe {
        $0.dataset = dataset
        $0.loss = loss
        $0.model = model
        $0.epochs = 1
        $0.metrics = "none"
      })
    let run = try workshop.store.run(matching: "last")
    let model = try workshop.orchestrator.load(run, in: workshop.store, backend: "reference")
    let predictions = try model.predict((0..<5).map { row in Tensor(model.inputShape) { sin(Double(row + $0)) } })
    #expect(predictions.count == 5)
    return predictions
  }
}

private struct PassingOptimizer: Optimizer {
  static let name = "passing-optimizer"
  static let summary = "steps along the gradient, from a plugin that was removed"
  static let reference = "none"
  @Parameter("learning rate", in: 0...) var rate = 0.1

  func callAsFunction(_ parameter: Value, gradient: Value, _ update: UpdateScope) -> Value {
    parameter - update.rate * gradient
  }
}

private struct PassingObserver: Observer {
  static let name = "passing-observer"
  static let summary = "sees nothing, from a plugin that was removed"
  static let reference = "none"

  func makeObserver(figures: RunFigures) -> any TrainingObserver { Watcher { _ in .goOn } }
}

private struct PassingBackend: Backend {
  static let name = "passing-backend"
  static let summary = "the reference, from a plugin that was removed"
  static let reference = "none"

  func makeSession(_ options: SessionOptions) throws -> any Session { ReferenceBackend().makeSession(options) }
}
