import Execution
import Initializers
import Losses
import Registry
import Tensors
import TrainingMetrics

/// One run of a part's expression on given numbers.
struct Application {
  let input: Tensor
  let phase: Scope.Phase
  let seed: UInt64
  let backend: any Backend
  let initializer: any Initializer
  /// What a loss or a metric compares with.
  var target: Tensor?

  /// `{"output": …}` and, if wanted, the gradient of the output's sum with respect to the input.
  func run(_ part: any Component, withGradient: Bool) throws -> JSONValue {
    let trace = Trace()
    let initializer = initializer
    let model = ModelTrace(trace, phase: phase) { shape, fan, stream in initializer(shape, fan, &stream) }
    let x = trace.input("input", input.shape)
    let y = try output(of: part, x, model)
    try trace.check()
    trace.output(y, as: "output")
    if withGradient { trace.output(try trace.gradients(of: y, withRespectTo: [x])[0], as: "gradient") }
    let graph = try trace.finish()
    let session = try backend.makeSession(SessionOptions(seed: seed))
    for variable in graph.variables {
      guard let value = model.initialValue(of: variable, seed: seed) else { continue }
      try session.write(value, to: variable)
    }
    let inputs = graph.inputs.map { $0.name == "target" ? target ?? input : input }
    let results = try session.compile(graph).run(inputs, step: 1)
    return .object(zip(graph.outputs, results).map { ($0.name, $1.json) })
  }

  private func output(of part: any Component, _ x: Value, _ model: ModelTrace) throws -> Value {
    switch part {
    case let part as any Loss:
      let target = target ?? input
      if part.targetKind == .classes { try checkClasses(target) }
      return part.losses(
        of: x, x.trace.input("target", target.shape), LossContext(classCounts: classCounts(target))
      ).values
    case let part as any Metric:
      let target = target ?? input
      let truth = x.trace.input("target", target.shape)
      switch part.form {
      case .mean(let metric): return metric(x, truth)
      case .split(let metric):
        let examples: Shape = [x.shape.sizes.first ?? 1]
        return metric.sums(x, truth, weights: x.trace.constant(1).broadcast(to: examples))
      }
    case let part as any TensorFunction: return part.result(of: x)
    case let part as any Transform: return try part(x, in: Scope(model))
    default: throw CommandError("'\(type(of: part).name)' cannot be applied to numbers")
    }
  }

  /// How many of the targets each class has, where the input is a score a class.
  private func classCounts(_ target: Tensor) -> [Int]? {
    guard input.shape.rank == 2 else { return nil }
    var counts = Array(repeating: 0, count: input.shape[1])
    for index in target.doubles.compactMap(Int.init(exactly:)) where counts.indices.contains(index) {
      counts[index] += 1
    }
    return counts
  }

  private func checkClasses(_ target: Tensor) throws {
    guard input.shape.rank == 2 else { return }
    let classes = input.shape[1]
    for (index, value) in target.doubles.enumerated() where !(0..<classes).contains(Int(exactly: value) ?? -1) {
      throw CommandError(
        "--target: \(Formatting.number(value)) of example \(index) is not a class index, 0 to \(classes - 1)")
    }
  }
}
