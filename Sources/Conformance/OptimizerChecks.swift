import Execution
import Optimizers
import Registry
import Tensors

extension ConformanceSuite {
  func optimizerChecks(_ entry: Registry.Entry) -> [CheckResult] {
    var experiments: [Experiment] = []
    var results = [
      result(entry, "states") {
        experiments = try optimizers(entry).compactMap { try experiment($0.part, $0.title, .weight) }
        let counts = experiments.map { $0.variables.count - 1 }
        return "up to \(counts.max() ?? 0)"
      }
    ]
    results += executionChecks(entry, steps: 5) { experiments }
    results.append(
      result(entry, "finite") {
        for experiment in experiments {
          for backend in try presentBackends() {
            let after = try experiment.run(in: experiment.session(on: backend, seed: seed), steps: 1..<9).variables
            for (variable, value) in zip(experiment.variables.map(\.variable), after) {
              guard value.doubles.allSatisfy(\.isFinite) else {
                throw Failure(
                  "\(experiment.title), backend \(type(of: backend).name): after 8 steps '\(variable.name)' is "
                    + "\(value.doubles)")
              }
            }
          }
        }
        return "after 8 steps"
      })
    results.append(
      result(entry, "rests") {
        for (title, part) in try optimizers(entry) {
          guard let experiment = try experiment(part, title, .bias, gradientScale: 0) else { continue }
          for (reason, backend) in try presentBackends().map({ ("gradient zero and no decay", $0) }) {
            let after = try experiment.run(in: experiment.session(on: backend, seed: seed), steps: 1..<4).variables[0]
            let type = try backend.makeSession(SessionOptions()).elementType
            guard after.bytes == experiment.variables[0].value.converted(to: type).bytes else {
              throw Failure("\(experiment.title), backend \(Swift.type(of: backend).name): moves, with \(reason)")
            }
          }
        }
        return "where the gradient is zero"
      })
    results.append(
      result(entry, "descends") {
        for (title, part) in try optimizers(entry) {
          guard part.rate.isFinite, part.rate >= 0 else { throw Failure("\(title): its rate is \(part.rate)") }
          guard let experiment = try experiment(part, title, .bias) else { continue }
          let outcome = try experiment.run(in: experiment.session(on: ReferenceBackend(), seed: seed), steps: 1..<2)
          let moved = zip(outcome.variables[0].doubles, experiment.variables[0].value.doubles).map { $0 - $1 }
          let gradient = experiment.inputs(1)["gradient"]?.doubles ?? []
          let slope = zip(moved, gradient).reduce(0) { $0 + $1.0 * $1.1 }
          guard slope < 0 else { throw Failure("\(experiment.title): the first step does not go down: slope \(slope)") }
        }
        return "at the first step"
      })
    return results
  }

  private func optimizers(_ entry: Registry.Entry) throws -> [(title: String, part: any Optimizer)] {
    try variants(of: entry).compactMap { variant in (variant.part as? any Optimizer).map { (variant.title, $0) } }
  }

  /// The update of one parameter; nil if the optimizer says of its arguments that they do not go together.
  private func experiment(
    _ part: any Optimizer, _ title: String, _ role: Variable.Role, gradientScale: Double = 1
  ) throws -> Experiment? {
    let trace = Trace()
    let variable = Variable(name: "parameter", shape: [3, 4], role: role)
    let parameter = trace.variable(variable)
    let update = UpdateScope(
      variable, by: part, rate: trace.input("rate", .scalar), step: trace.input("step", .scalar),
      objective: trace.input("objective", .scalar))
    let next = part(parameter, gradient: trace.input("gradient", variable.shape), update)
    if let problem = trace.problem, problem.description.hasPrefix("optimizer \(type(of: part).name)") { return nil }
    guard next.shape == variable.shape else {
      throw Failure("\(title): makes \(next.shape) of a parameter \(variable.shape)")
    }
    trace.assign(next, to: variable)
    let graph = try trace.finish()
    let declared = [variable] + update.states.map(\.variable)
    guard Set(declared).count == declared.count else { throw Failure("\(title): declares a state twice") }
    if let stray = graph.variables.first(where: { !declared.contains($0) }) {
      throw Failure("\(title): keeps '\(stray.name)' without UpdateScope.state")
    }
    let rate = Tensor(part.rate)
    let gradients = (0..<8).map { step in
      let draw = normal(variable.shape, "gradient \(step)").doubles
      return Tensor(variable.shape) { gradientScale * draw[$0] }
    }
    let start = normal(variable.shape, "parameter")
    return Experiment(
      title: "\(title) on [3, 4] as \(role), seed \(seed)", graph: graph,
      variables: [(variable, start)] + update.states.map { ($0.variable, $0.firstTensor { _ in start }) },
      inputs: {
        [
          "rate": rate, "step": Tensor(Double($0)), "gradient": gradients[Int($0) % gradients.count],
          "objective": Tensor(1 / Double(1 + $0)),
        ]
      })
  }
}
