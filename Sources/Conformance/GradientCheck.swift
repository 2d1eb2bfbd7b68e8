import Execution
import Tensors

extension Formula {
  /// Compares symbolic gradients with central differences in Float64; returns the worst relative error.
  ///
  /// Every target is moved along single elements and along random signs of all elements. Throws if one error exceeds 1e-6.
  func checkGradient() throws -> Double {
    let (experiment, targets) = try experiment(withGradients: true)
    let backend = ReferenceBackend()
    let session = try experiment.session(on: backend, seed: seed)
    let outputs = try experiment.run(in: session, steps: 1..<2).outputs[0]
    let weights = experiment.inputs(1)["conformance weights"]?.doubles ?? []
    let magnitude = zip(outputs[0].doubles, weights).reduce(0) { $0 + abs($1.0 * $1.1) }
    guard outputs.allSatisfy({ $0.doubles.allSatisfy { $0.isFinite } }) else {
      throw Failure("\(experiment.title): result or gradient is not finite")
    }
    let differences = try Differences(self, magnitude: magnitude)
    var worst = 0.0
    for (target, gradient) in zip(targets, outputs.dropFirst(2)) {
      for direction in differences.directions(of: target) {
        let slope = zip(gradient.doubles, direction).reduce(0) { $0 + $1.0 * $1.1 }
        let (error, numeric) = try differences.relativeError(of: slope, of: target, along: direction)
        worst = max(worst, error)
        guard error <= 1e-6 else {
          throw Failure(
            "\(experiment.title), reference backend: the gradient with respect to '\(target.name)' is \(slope) along a "
              + "direction in which central differences give \(numeric), relative error \(error)")
        }
      }
    }
    return worst
  }
}

/// Central differences of a formula's value.
private struct Differences {
  private let experiment: Experiment
  private let session: any Session
  private let program: any Program
  private let magnitude: Double
  private let seed: UInt64

  init(_ formula: Formula, magnitude: Double) throws {
    experiment = try formula.experiment(withGradients: false).experiment
    session = try experiment.session(on: ReferenceBackend(), seed: formula.seed)
    program = try session.compile(experiment.graph)
    self.magnitude = magnitude
    seed = formula.seed
  }

  /// Single elements and random signs; signs alone where each evaluation is long.
  func directions(of target: Formula.Target) -> [[Double]] {
    let count = target.value.shape.elementCount
    guard count > 0 else { return [] }
    let work = experiment.graph.nodes.reduce(0) { $0 + $1.shape.elementCount }
    var stream = RandomStream(seed: seed, "conformance direction \(target.name)")
    let signs = (0..<(work > 5000 ? 1 : 3)).map { _ in (0..<count).map { _ in stream.happens(0.5) ? 1.0 : -1.0 } }
    guard work <= 5000 else { return signs }
    let elements = (0..<min(4, count)).map { _ in stream.index(below: count) }
    return signs + elements.map { element in (0..<count).map { $0 == element ? 1 : 0 } }
  }

  /// The error at the best of three step widths: a kink may lie within one, never within all, and rounding spoils the
  /// smallest where truncation spoils the greatest.
  func relativeError(
    of slope: Double, of target: Formula.Target, along direction: [Double]
  ) throws -> (error: Double, numeric: Double) {
    var best = (error: Double.infinity, numeric: Double.nan)
    for width in [1e-5, 1e-6, 1e-4] {
      let high = try value(target, moved: width, along: direction)
      let low = try value(target, moved: -width, along: direction)
      let numeric = (high - low) / (2 * width)
      // Both values carry rounding errors of some units in the last place of their terms' sum.
      let noise = 8 * Double.ulpOfOne * magnitude / width
      let error = abs(numeric - slope) / max(abs(numeric), abs(slope), noise / 1e-6, .leastNormalMagnitude)
      if error < best.error { best = (error, numeric) }
      if best.error <= 1e-7 { break }
    }
    return best
  }

  private func value(_ target: Formula.Target, moved width: Double, along direction: [Double]) throws -> Double {
    let values = target.value.doubles
    let moved = Tensor(target.value.shape) { values[$0] + width * direction[$0] }
    // A step may have changed statistics.
    for (variable, value) in experiment.variables {
      try session.write(variable == target.variable ? moved : value, to: variable)
    }
    let inputs = experiment.inputs(1)
    let tensors = experiment.graph.inputs.map { input in
      target.variable == nil && input.name == target.name
        ? moved : inputs[input.name] ?? Tensor(input.shape) { _ in 0 }
    }
    return try program.run(tensors, step: 1)[1].doubles[0]
  }
}
