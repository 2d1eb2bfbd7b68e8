import Experiments
import Foundation
import Orchestrator
import Testing

@Suite struct InitialWeightsTests {
  private func file(_ workshop: Workshop, _ tensors: [(name: String, shape: [Int])]) throws {
    var file = SafetensorsFile()
    for (name, shape) in tensors {
      try file.append(name, shape: shape, floats: (0..<shape.reduce(1, *)).map { Float($0) * 0.01 })
    }
    try Data(file.bytes).write(to: URL(fileURLWithPath: workshop.folder + "/start.safetensors"))
  }

  private let fitting = [("0.weight", [8, 4]), ("0.bias", [8]), ("2.weight", [3, 8]), ("2.bias", [3])]

  /// The slow weights of lookahead, which return here after each step, start from them too.
  @Test("training starts from them", arguments: ["sgd(0)", "lookahead(sgd(0), steps: 1, alpha: 0)"])
  func start(_ optimizer: String) throws {
    let workshop = try Workshop()
    try file(workshop, fitting + [("1.num_batches_tracked", [])])
    _ = try workshop.train(
      workshop.recipe {
        $0.initialWeights = "start.safetensors"
        $0.optimizer = optimizer
        $0.epochs = 1
      })
    let run = try workshop.store.run(matching: "last")
    let weights = try workshop.orchestrator.weights(of: run, in: workshop.store, checkpoint: .last)
    #expect(weights[0].elements == (0..<32).map { Float($0) * 0.01 })
    #expect(weights[3].elements == (0..<3).map { Float($0) * 0.01 })
  }

  @Test func whatDoesNotFitIsNamed() throws {
    let workshop = try Workshop()
    for (tensors, expected) in [
      (
        [("0.wieght", [8, 4])] + fitting.dropFirst(),
        "has no tensor '0.weight' of shape [8, 4]; the nearest is '0.wieght'"
      ),
      ([("0.weight", [4, 8])] + fitting.dropFirst(), "'0.weight' has shape [4, 8], the model's has [8, 4]"),
      (fitting + [("4.weight", [1])], "has '4.weight', which the model has not; the nearest is '0.weight'"),
    ] {
      try file(workshop, tensors)
      let text = message(expected) {
        _ = try workshop.train(workshop.recipe { $0.initialWeights = "start.safetensors" })
      }
      #expect(text.contains("start.safetensors") && text.contains(expected), "\(text)")
    }
  }
}
