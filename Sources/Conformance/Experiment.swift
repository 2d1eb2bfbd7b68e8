import Execution
import Tensors

/// A graph with values for its variables and inputs: all that a run needs.
struct Experiment {
  /// The part with its parameters, shape and phase, for messages.
  let title: String
  let graph: Graph
  let variables: [(variable: Variable, value: Tensor)]
  /// The inputs of a step, by name.
  let inputs: (_ step: UInt64) -> [String: Tensor]

  /// What a run leaves: the outputs of each step, and the variables after the last.
  struct Outcome: Equatable {
    var outputs: [[Tensor]] = []
    var variables: [Tensor] = []
  }

  /// The session with the experiment's variables written.
  func session(on backend: any Backend, seed: UInt64) throws -> any Session {
    let session = try backend.makeSession(SessionOptions(threads: 1, seed: seed))
    for (variable, value) in variables { try session.write(value, to: variable) }
    return session
  }

  /// Runs some steps in a session.
  func run(in session: any Session, steps: Range<UInt64>) throws -> Outcome {
    let program = try session.compile(graph)
    var outcome = Outcome()
    for step in steps {
      let inputs = inputs(step)
      outcome.outputs.append(
        try program.run(graph.inputs.map { inputs[$0.name] ?? Tensor($0.shape) { _ in 0 } }, step: step))
    }
    outcome.variables = try variables.map { try session.read($0.variable) }
    return outcome
  }

  /// The same experiment with all numbers rounded to a type.
  func rounded(to type: ElementType) -> Experiment {
    let inputs = inputs
    return Experiment(
      title: title, graph: graph, variables: variables.map { ($0.variable, $0.value.converted(to: type)) },
      inputs: { inputs($0).mapValues { $0.converted(to: type) } })
  }
}
