import Execution
import Optimizers
import Registry
import Tensors
import TestSupport
import Testing

@Suite struct OptimizersTests {
  @Test("trajectories agree with torch.optim", arguments: Case.all)
  func trajectory(_ trajectory: Case) throws {
    let points = try run(trajectory.specification, from: trajectory.start, steps: 100) { x, y in
      switch trajectory.function {
      case .quadratic: x.squared() + 10 * y.squared()
      case .rosenbrock: (1 - x).squared() + 100 * (y - x.squared()).squared()
      }
    }
    #expect(trajectory.points.count == Case.steps.count)
    for (step, expected) in zip(Case.steps, trajectory.points) {
      expectClose(
        points[step - 1], expected, within: 1e-9,
        "\(trajectory.specification) on \(trajectory.function), step \(step)")
    }
  }

  @Test(
    "weight decay leaves all but weights alone",
    arguments: ["sgd(weight-decay: 0.5)", "adam(weight-decay: 0.5)", "adamw"])
  func decayOfBiases(_ specification: String) throws {
    let moved = try run(specification, from: [3, -2], steps: 5, role: .bias) { x, y in 0 * (x + y) }
    #expect(moved.last == [3, -2], "\(specification)")
    let decayed = try run(specification, from: [3, -2], steps: 5) { x, y in 0 * (x + y) }
    #expect(decayed.last != [3, -2], "\(specification)")
  }

  @Test func statesAreNamedByTheParameterAndInitialised() throws {
    let trace = Trace()
    let variable = Variable(name: "0.weight", shape: [2, 3], role: .weight)
    let part = try registry().make("adagrad(initial-sum: 0.25)", as: .optimizer, origin: "test")
    let update = UpdateScope(
      variable, by: part, rate: trace.constant(0.1), step: trace.input("step", .scalar), objective: trace.constant(0))
    _ = part(trace.variable(variable), gradient: trace.input("gradient", [2, 3]), update)
    #expect(update.states.map(\.variable) == [Variable(name: "0.weight.sum", shape: [2, 3], role: .optimizerState)])
    #expect(update.states.first?.firstTensor { _ in Tensor(0) } == Tensor([2, 3]) { _ in 0.25 })
  }

  private func run(
    _ specification: String, from start: [Double], steps: Int, role: Variable.Role = .weight,
    _ function: (Value, Value) -> Value
  ) throws -> [[Double]] {
    try descend(registry().make(specification, as: .optimizer, origin: "test"), start, steps, role: role, function)
  }
}
