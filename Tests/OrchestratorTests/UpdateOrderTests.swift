import Experiments
import Orchestrator
import Testing

/// What stands between gradient and variable: transforms of all gradients, the optimizer, constraints.
@Suite struct UpdateOrderTests {
  private func weights(_ workshop: Workshop, _ change: (inout Recipe) -> Void) throws -> [NamedWeights] {
    let recipe = workshop.recipe {
      $0.epochs = 1
      change(&$0)
    }
    let run = try workshop.train(recipe).runID
    return try workshop.orchestrator.weights(of: workshop.store.run(matching: run), in: workshop.store)
  }

  @Test func constraintsHoldWeightsAfterEachUpdateAndLeaveBiases() throws {
    let trained = try weights(Workshop()) {
      $0.optimizer = "sgd(5)"
      $0.constraints = "max-norm(0.01)"
    }
    #expect(trained.map(\.name) == ["0.weight", "0.bias", "2.weight", "2.bias"])
    for tensor in trained where tensor.shape.count == 2 {
      for row in 0..<tensor.shape[0] {
        let values = tensor.elements[row * tensor.shape[1]..<(row + 1) * tensor.shape[1]]
        let norm = values.reduce(0) { $0 + $1 * $1 }.squareRoot()
        #expect(norm > 0 && norm <= 0.01 * (1 + 1e-5), "\(tensor.name), row \(row): \(norm)")
      }
    }
    let biases = trained.filter { $0.shape.count == 1 }.flatMap(\.elements)
    #expect(biases.contains { abs($0) > 0.01 })
  }

  /// One step of plain descent moves all parameters together by rate times the norm of the changed gradients.
  @Test func gradientsAreChangedTogetherBeforeTheOptimizer() throws {
    let workshop = try Workshop()
    let start = try weights(workshop) {
      $0.optimizer = "sgd(0)"
      $0.batch = 43
    }
    let end = try weights(workshop) {
      $0.optimizer = "sgd(0.5)"
      $0.gradients = "clip-norm(0.001)"
      $0.batch = 43
    }
    #expect(start.map(\.name) == end.map(\.name) && !start.isEmpty)
    #expect(start.map(\.elements.count) == end.map(\.elements.count))
    let moved = zip(start, end).flatMap { before, after in zip(before.elements, after.elements).map { Double($1 - $0) }
    }
    let norm = moved.reduce(0) { $0 + $1 * $1 }.squareRoot()
    #expect(abs(norm - 0.0005) < 1e-6, "\(norm)")
  }
}
