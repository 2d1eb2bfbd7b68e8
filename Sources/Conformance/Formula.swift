import Registry
import Tensors

/// A part's expression of given inputs, of which programs can be made: for values, for gradients, for differences.
struct Formula {
  struct Given {
    let name: String
    let value: Tensor
    var isDifferentiable = true
  }

  let title: String
  let given: [Given]
  let seed: UInt64
  /// Writes the output, and tells the model that declared the parameters, if there is one.
  let write: (Trace, [Value]) throws -> (output: Value, model: ModelTrace?)

  /// What a gradient is with respect to.
  struct Target {
    let name: String
    let value: Tensor
    let variable: Variable?
  }

  /// A program whose outputs are the result, the scalar Σ result·weights, and if wanted the scalar's gradient with respect to
  /// each target, in order.
  func experiment(withGradients: Bool) throws -> (experiment: Experiment, targets: [Target]) {
    let trace = Trace()
    let values = given.map { trace.input($0.name, $0.value.shape) }
    let (y, model) = try write(trace, values)
    let weights = trace.input("conformance weights", y.shape)
    let value = (y * weights).total()
    trace.output(y, as: "result")
    trace.output(value, as: "value")
    let variables = (model?.variables ?? []).map { ($0, initialValue(of: $0, model)) }
    let differentiable = zip(given, values).filter { $0.0.isDifferentiable }
    let learned = variables.filter { $0.0.role.isLearned }
    let targets =
      differentiable.map { Target(name: $0.0.name, value: $0.0.value, variable: nil) }
      + learned.map { Target(name: $0.0.name, value: $0.1, variable: $0.0) }
    if withGradients {
      let points = differentiable.map { $0.1 } + learned.map { trace.variable($0.0) }
      for (target, gradient) in zip(targets, try trace.gradients(of: value, withRespectTo: points)) {
        trace.output(gradient, as: "gradient \(target.name)")
      }
    }
    var inputs = Dictionary(uniqueKeysWithValues: given.map { ($0.name, $0.value) })
    var stream = RandomStream(seed: seed, "conformance weights")
    inputs["conformance weights"] = Tensor(y.shape) { _ in stream.normal() }
    let passed = inputs
    let experiment = Experiment(
      title: "\(title), seed \(seed)", graph: try trace.finish(), variables: variables, inputs: { _ in passed })
    return (experiment, targets)
  }

  /// First values, moved a little: a gradient at zero biases and unit factors would not tell much.
  private func initialValue(of variable: Variable, _ model: ModelTrace?) -> Tensor {
    let initial = model?.initialValue(of: variable, seed: seed) ?? Tensor(variable.shape) { _ in 0 }
    var stream = RandomStream(seed: seed, "conformance \(variable.name)")
    let values = initial.doubles
    return Tensor(variable.shape) {
      let value = values[$0]
      return variable.role.isLearned ? value + 0.1 * stream.normal() : value * stream.uniform(0.8, 1.2)
    }
  }
}
