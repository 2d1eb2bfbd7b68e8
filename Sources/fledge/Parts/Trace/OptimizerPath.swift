import Execution
import Optimizers
import Tensors

/// The way that an optimizer takes down a surface, in Float64 on the reference backend.
struct OptimizerPath {
  struct Point {
    let step: Int
    let x: Double
    let y: Double
    /// The height at (x, y).
    let value: Double
  }

  let optimizer: any Optimizer
  let surface: Surface
  let start: [Double]
  let rate: Double

  /// Calls `body` with the point after each step, the first of which is step 1.
  func forEachStep(_ steps: Int, _ body: (Point) throws -> Void) throws {
    let trace = Trace()
    let variable = Variable(name: "point", shape: [2], role: .weight)
    let point = trace.variable(variable)
    let height = surface.height(at: point)
    let gradient = try trace.gradients(of: height, withRespectTo: [point])[0]
    let update = UpdateScope(
      variable, by: optimizer, rate: trace.input("rate", .scalar), step: trace.input("step", .scalar), objective: height
    )
    let next = optimizer(point, gradient: gradient, update)
    trace.assign(next, to: variable)
    trace.output(next, as: "point")
    trace.output(surface.height(at: next), as: "value")
    let graph = try trace.finish()
    let session = ReferenceBackend().makeSession(SessionOptions())
    try session.write(Tensor([2]) { start[$0] }, to: variable)
    for state in update.states { try session.write(state.firstTensor(session.read), to: state.variable) }
    let program = try session.compile(graph)
    for step in 1...steps {
      let inputs = graph.inputs.map { $0.name == "rate" ? Tensor(rate) : Tensor(Double(step)) }
      let results = try program.run(inputs, step: UInt64(step)).map(\.doubles)
      try body(Point(step: step, x: results[0][0], y: results[0][1], value: results[1][0]))
    }
  }
}
