import Execution
import Registry
import Tensors

extension ConformanceSuite {
  /// The checks of every experiment that a part offers: same bits twice, restored, and agreement with the reference.
  func executionChecks(
    _ entry: Registry.Entry, steps: UInt64 = 2, _ experiments: () throws -> [Experiment]
  ) -> [CheckResult] {
    let made = Result { try experiments() }
    var results = [
      result(entry, "deterministic") {
        for experiment in try made.get() {
          for backend in try presentBackends() { try checkDeterministic(experiment, backend, steps) }
        }
        return "the same bits twice"
      },
      result(entry, "restored") {
        var count = 0
        for experiment in try made.get() {
          count = max(count, experiment.variables.count)
          for backend in try presentBackends() { try checkRestored(experiment, backend, steps) }
        }
        return count == 0 ? "keeps nothing" : "\(count) variables"
      },
    ]
    for name in backends {
      results.append(
        result(entry, "agrees on \(name)") {
          guard let backend = try present(name) else { throw Skip(reason: "backend \(name) cannot run here") }
          var worst = (error: 0.0, allowed: 0.0)
          for experiment in try made.get() {
            let found = try disagreement(experiment, backend, steps)
            if worst.allowed == 0 || found.error / found.allowed > worst.error / worst.allowed { worst = found }
          }
          return "worst error \(worst.error), allowed \(worst.allowed)"
        })
    }
    return results
  }

  /// The reference and every backend under test that the machine can run.
  func presentBackends() throws -> [any Backend] { [ReferenceBackend()] + (try backends.compactMap(present)) }

  func present(_ name: String) throws -> (any Backend)? {
    let backend = try registry.make(Specification(name), as: .backend)
    do {
      _ = try backend.makeSession(SessionOptions(seed: seed))
      return backend
    } catch ExecutionError.unavailable {
      return nil
    }
  }

  private func place(_ experiment: Experiment, _ backend: any Backend) -> String {
    "\(experiment.title), backend \(type(of: backend).name)"
  }

  func checkDeterministic(_ experiment: Experiment, _ backend: any Backend, _ steps: UInt64) throws {
    let steps = 1..<(experiment.graph.assignments.isEmpty ? 2 : 1 + steps)
    let first = try experiment.run(in: experiment.session(on: backend, seed: seed), steps: steps)
    let second = try experiment.run(in: experiment.session(on: backend, seed: seed), steps: steps)
    guard first.hasSameBits(as: second) else {
      throw Failure("\(place(experiment, backend)): two runs differ in their bits")
    }
  }

  /// What is written reads back bit for bit, and a new session goes on from it as the old one does.
  private func checkRestored(_ experiment: Experiment, _ backend: any Backend, _ steps: UInt64) throws {
    let session = try experiment.session(on: backend, seed: seed)
    for (variable, value) in experiment.variables {
      guard try session.read(variable).bytes == value.converted(to: session.elementType).bytes else {
        throw Failure("\(place(experiment, backend)): '\(variable.name)' reads other bits than were written")
      }
    }
    if experiment.graph.assignments.isEmpty { return }
    let kept = try experiment.run(in: session, steps: 1..<1 + steps).variables
    let restored = try backend.makeSession(SessionOptions(threads: 1, seed: seed))
    for ((variable, _), value) in zip(experiment.variables, kept) { try restored.write(value, to: variable) }
    let later = 1 + steps..<2 + steps
    guard
      try experiment.run(in: session, steps: later).hasSameBits(as: try experiment.run(in: restored, steps: later))
    else { throw Failure("\(place(experiment, backend)): a restored session goes on with other bits") }
  }

  /// The worst error of a backend against the reference, and what is allowed there.
  ///
  /// Each of N nodes rounds once, a sum of n terms n times, each by at most half an ulp of what it makes; functions from a
  /// library err by some ulps, hence the factor 4. Errors are measured against the tensor's greatest magnitude; 1/64 of the
  /// greatest input is added for tensors whose own terms cancel.
  func disagreement(
    _ experiment: Experiment, _ backend: any Backend, _ steps: UInt64
  ) throws -> (error: Double, allowed: Double) {
    let session = try experiment.session(on: backend, seed: seed)
    let rounded = experiment.rounded(to: session.elementType)
    let unit = session.elementType == .float64 ? Double.ulpOfOne / 2 : Double(Float.ulpOfOne / 2)
    let expected = try rounded.run(in: rounded.session(on: ReferenceBackend(), seed: seed), steps: 1..<1 + steps)
    let found = try rounded.run(in: session, steps: 1..<1 + steps)
    let inputs = rounded.inputs(1).values.map(\.greatestMagnitude).max() ?? 0
    let longest = experiment.graph.nodes.map(\.shape.elementCount).max() ?? 0
    let roundings = Double(experiment.graph.nodes.count + longest)
    var worst = (error: 0.0, allowed: 1.0)
    let pairs = zip(
      expected.outputs.flatMap { $0 } + expected.variables, found.outputs.flatMap { $0 } + found.variables)
    for (index, (expected, found)) in pairs.enumerated() {
      let allowed = 4 * unit * roundings * (expected.greatestMagnitude + inputs / 64)
      let error = expected.greatestDifference(from: found)
      guard error <= allowed else {
        let outputs = experiment.graph.outputs
        let name = index < outputs.count * Int(steps) ? outputs[index % outputs.count].name : "a variable"
        throw Failure(
          "\(place(experiment, backend)): \(name) differs from the reference by \(error), allowed \(allowed)")
      }
      if error / allowed > worst.error / worst.allowed { worst = (error, allowed) }
    }
    return worst
  }
}

extension Experiment.Outcome {
  func hasSameBits(as other: Self) -> Bool {
    outputs.map { $0.map(\.bytes) } == other.outputs.map { $0.map(\.bytes) }
      && variables.map(\.bytes) == other.variables.map(\.bytes)
  }
}

extension Tensor {
  var greatestMagnitude: Double { doubles.reduce(0) { max($0, abs($1)) } }

  /// Infinite where only one of two numbers is finite, or shapes differ.
  func greatestDifference(from other: Tensor) -> Double {
    guard shape == other.shape else { return .infinity }
    return zip(doubles, other.doubles).reduce(0) { greatest, pair in
      let difference = pair.0 == pair.1 || pair.0.isNaN && pair.1.isNaN ? 0 : abs(pair.0 - pair.1)
      return difference.isNaN ? .infinity : max(greatest, difference)
    }
  }
}
