import Execution
import Optimizers
import Registry
import Tensors
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
    for (step, expected) in zip(Case.steps, trajectory.points) {
      for axis in 0...1 {
        let difference = abs(points[step - 1][axis] - expected[axis])
        #expect(
          difference <= 1e-9,
          "\(trajectory.specification) on \(trajectory.function), step \(step): \(points[step - 1]), not \(expected)")
      }
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
    let update = UpdateScope(variable, rate: trace.constant(0.1), step: trace.input("step", .scalar))
    let part = try registry().make("adagrad(initial-sum: 0.25)", as: .optimizer, origin: "test")
    _ = part(trace.variable(variable), gradient: trace.input("gradient", [2, 3]), update)
    #expect(update.states.map(\.variable) == [Variable(name: "0.weight.sum", shape: [2, 3], role: .optimizerState)])
    #expect(update.states.first?.initialTensor == Tensor([2, 3]) { _ in 0.25 })
  }

  private func registry() throws -> Registry {
    var registry = Registry()
    OptimizersPlugin.register(in: &registry)
    try registry.validate()
    return registry
  }

  private func run(
    _ specification: String, from start: [Double], steps: Int, role: Variable.Role = .weight,
    _ function: (Value, Value) -> Value
  ) throws -> [[Double]] {
    let part = try registry().make(specification, as: .optimizer, origin: "test")
    let trace = Trace()
    let variable = Variable(name: "point", shape: [2], role: role)
    let point = trace.variable(variable)
    let loss = function(point.slice(from: [0], sizes: [1]), point.slice(from: [1], sizes: [1]))
    let update = UpdateScope(variable, rate: trace.input("rate", .scalar), step: trace.input("step", .scalar))
    let gradient = try trace.gradients(of: loss, withRespectTo: [point])[0]
    trace.assign(part(point, gradient: gradient, update), to: variable)
    let session = ReferenceBackend().makeSession(SessionOptions())
    try session.write(Tensor([2]) { start[$0] }, to: variable)
    for state in update.states { try session.write(state.initialTensor, to: state.variable) }
    // A program has only the inputs that some node reads.
    let graph = try trace.finish()
    let program = try session.compile(graph)
    return try (1...steps).map { step in
      let inputs = graph.inputs.map { Tensor($0.name == "rate" ? part.rate : Double(step)) }
      _ = try program.run(inputs, step: UInt64(step))
      return try session.read(variable).doubles
    }
  }
}
