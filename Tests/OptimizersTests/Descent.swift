import Execution
import Optimizers
import Registry
import Tensors

/// The optimizers that Fledge brings.
func registry() throws -> Registry {
  var registry = Registry()
  OptimizersPlugin.register(in: &registry)
  try registry.validate()
  return registry
}

/// The points after each step down a function of two numbers, in Float64 on the reference backend.
///
/// `rate` is the scheduled rate; without it, the optimizer's own.
func descend(
  _ part: any Optimizer, _ start: [Double], _ steps: Int, role: Variable.Role = .weight, rate: Double? = nil,
  _ function: (Value, Value) -> Value
) throws -> [[Double]] {
  let trace = Trace()
  let variable = Variable(name: "point", shape: [2], role: role)
  let point = trace.variable(variable)
  let loss = function(point.slice(from: [0], sizes: [1]), point.slice(from: [1], sizes: [1]))
  let update = UpdateScope(
    variable, by: part, rate: trace.input("rate", .scalar), step: trace.input("step", .scalar), objective: loss.total())
  let gradient = try trace.gradients(of: loss, withRespectTo: [point])[0]
  trace.assign(part(point, gradient: gradient, update), to: variable)
  let session = ReferenceBackend().makeSession(SessionOptions())
  try session.write(Tensor([2]) { start[$0] }, to: variable)
  for state in update.states { try session.write(state.firstTensor(session.read), to: state.variable) }
  // A program has only the inputs that some node reads.
  let graph = try trace.finish()
  let program = try session.compile(graph)
  return try (1...steps).map { step in
    let inputs = graph.inputs.map { Tensor($0.name == "rate" ? rate ?? part.rate : Double(step)) }
    _ = try program.run(inputs, step: UInt64(step))
    return try session.read(variable).doubles
  }
}
