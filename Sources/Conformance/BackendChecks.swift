import Execution
import Registry
import Tensors

extension ConformanceSuite {
  /// The laws of a backend that need no part. Those on what it computes are checked of backends that are compared with
  /// the reference.
  func backendChecks(_ entry: Registry.Entry, _ backend: any Backend) -> [CheckResult] {
    [
      result(entry, "restored") {
        let session = try presentSession(entry, backend)
        let variable = Variable(name: "x", shape: [3, 5], role: .weight)
        let value = normal(variable.shape, "variable").converted(to: session.elementType)
        try session.write(value, to: variable)
        guard try session.read(variable).bytes == value.bytes else {
          throw Failure("reads other bits than were written")
        }
        return session.elementType.rawValue
      },
      result(entry, "refuses") {
        try checkRefusals(presentSession(entry, backend))
        return "unknown variables, wrong shapes, missing inputs"
      },
      result(entry, "primitives") {
        let backend = try computing(entry, backend)
        var worst = (error: 0.0, allowed: 1.0)
        let experiments = try primitiveExperiments()
        for experiment in experiments {
          let found = try disagreement(experiment, backend, 2)
          if found.error / found.allowed > worst.error / worst.allowed { worst = found }
        }
        return "\(experiments.count) graphs, worst error \(worst.error), allowed \(worst.allowed)"
      },
      result(entry, "deterministic") {
        let backend = try computing(entry, backend)
        for experiment in try primitiveExperiments() { try checkDeterministic(experiment, backend, 2) }
        return "the same bits twice"
      },
      result(entry, "guard") {
        try checkGuard(computing(entry, backend))
        return "variables wait for a finite guard"
      },
    ]
  }

  private func presentSession(_ entry: Registry.Entry, _ backend: any Backend) throws -> any Session {
    do {
      return try backend.makeSession(SessionOptions(seed: seed))
    } catch ExecutionError.unavailable {
      throw Skip(reason: "cannot run here")
    }
  }

  /// The backend, if it is one that is compared with the reference and can run here.
  private func computing(_ entry: Registry.Entry, _ backend: any Backend) throws -> any Backend {
    guard backends.contains(entry.name) else { throw Skip(reason: "is not compared with the reference") }
    _ = try presentSession(entry, backend)
    return backend
  }

  private func checkRefusals(_ session: any Session) throws {
    let variable = Variable(name: "x", shape: [2], role: .weight)
    let trace = Trace()
    trace.output(trace.variable(variable) + trace.input("y", [2]), as: "sum")
    let graph = try trace.finish()
    func refuses(_ what: String, _ body: () throws -> Void) throws {
      do { try body() } catch is ExecutionError { return }
      throw Failure("takes \(what)")
    }
    try refuses("a graph whose variable was never written") { _ = try session.compile(graph) }
    try refuses("a value of another shape than its variable's") {
      try session.write(Tensor([3]) { _ in 1 }, to: variable)
    }
    try session.write(Tensor([2]) { _ in 1 }, to: variable)
    let program = try session.compile(graph)
    try refuses("too few inputs") { _ = try program.run([], step: 1) }
    try refuses("an input of another shape") { _ = try program.run([Tensor([3]) { _ in 1 }], step: 1) }
    guard try program.run([Tensor([2]) { _ in 1 }], step: 1).map(\.shape) == [[2]] else {
      throw Failure("gives an output of another shape than the graph's")
    }
  }

  /// A step whose guard is not finite changes nothing; the next one does.
  private func checkGuard(_ backend: any Backend) throws {
    let variable = Variable(name: "x", shape: [2], role: .weight)
    let trace = Trace()
    trace.assign(trace.variable(variable) + 1, to: variable)
    trace.guardAssignments(by: trace.input("guard", .scalar))
    let session = try backend.makeSession(SessionOptions(seed: seed))
    try session.write(Tensor([2]) { _ in 1 }, to: variable)
    let program = try session.compile(trace.finish())
    for (number, expected) in [(Double.nan, 1.0), (.infinity, 1), (0, 2)] {
      _ = try program.run([Tensor(number)], step: 1)
      guard try session.read(variable).doubles == [expected, expected] else {
        throw Failure("a step with the guard \(number) leaves \(try session.read(variable).doubles), not \(expected)")
      }
    }
  }
}
