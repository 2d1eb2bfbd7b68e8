import Augmentations
import Datasets
import Initializers
import Losses
import Observers
import Optimizers
import Preprocessors
import Registry
import Schedulers
import Tensors
import TrainingMetrics

extension ConformanceSuite {
  /// The greatest and least arguments, up to three at once and three deep: a program within the budget of a trace, or an
  /// error. A part that traps ends the process.
  func extremeChecks(_ entry: Registry.Entry) -> [CheckResult] {
    [
      result(entry, "extreme arguments") {
        let extremes = try Extremes(of: entry, registry)
        var refused = 0
        let specifications = extremes.specifications + (extremes.nested.map { [$0] } ?? [])
        for specification in specifications {
          do {
            try tryOut(registry.make(specification, entry))
          } catch let error as VerificationError {
            throw Failure("\(specification): \(error)")
          } catch let error as Failure {
            throw Failure("\(specification): \(error)")
          } catch {
            refused += 1
          }
        }
        return "extreme arguments tried: \(specifications.count), refused: \(refused)"
      }
    ]
  }

  private func tryOut(_ part: any Component) throws {
    switch part {
    case let part as any Transform: try trace(part)
    case let part as any Loss:
      try trace([[4, 5], part.targetKind == .classes ? [4] : [4, 5]]) { [part($0[0], $0[1])] }
    case let part as any MeanMetric:
      try traceAny(of: [[[4, 5], [4]], [[4, 5], [4, 5]]]) { [part($0[0], $0[1])] }
    case let part as any SplitMetric:
      try traceAny(of: [[[4, 5], [4], [4]], [[4, 5], [4, 5], [4]]]) { [part.sums($0[0], $0[1], weights: $0[2])] }
    case let part as any TensorFunction: try trace([[3, 4]]) { [part.result(of: $0[0])] }
    case let part as any Optimizer:
      let variable = Variable(name: "parameter", shape: [3, 4], role: .weight)
      try trace([[3, 4], [], []]) { values in
        let update = UpdateScope(
          variable, by: part, rate: values[1], step: values[2], objective: values[1], isOfLastLayer: false)
        return [part(values[0].trace.variable(variable), gradient: values[0], update)]
      }
    default: try tryOutOnHost(part)
    }
  }

  private func tryOutOnHost(_ part: any Component) throws {
    var stream = stream("extremes")
    switch part {
    case let part as any Initializer: _ = part([8, 5], Fan(input: 5, output: 8), &stream)
    case let part as any Scheduler:
      for (step, steps) in [(0, 1), (1, 1 << 40), (1 << 40 - 1, 1 << 40)] {
        let history = FigureHistory(.lower, [1, 0.5, 0.5])
        _ = part.rate(
          at: ScheduleContext(step: step, totalSteps: steps, stepsPerEpoch: 1, baseRate: 1, history: history))
      }
    case let part as any Augmentation:
      var context = AugmentationContext(stream: stream, exampleStream: stream)
      for _ in 0..<4 {
        _ = part(Image(channels: 3, height: 4, width: 5, pixels: Array(repeating: 7, count: 60)), &context)
      }
    case let part as any Preprocessor:
      let inputs = Tensor([2, 1, 3, 3]) { Double($0) }
      if let examples = Examples(inputs: inputs, targets: Tensor([2]) { _ in 0 }, classNames: nil) {
        _ = try part.fitted(to: examples).outputShape(for: [1, 3, 3])
      }
    case let part as any Dataset where part.parameters.contains { $0.schema.label == "limit" }:
      _ = try part.load(emptyPlace)
    case let part as any Observer:
      for run in ObservedRun.all { _ = try run.watched(by: part, title: "").decisions() }
    default: break
    }
  }

  /// In training and inference, with the gradients of training.
  private func trace(_ part: any Transform) throws {
    for phase in [Scope.Phase.training, .inference] {
      try traceAny(of: Self.canonicalShapes.map { [$0] }) { values in
        let model = ModelTrace(values[0].trace, phase: phase) { shape, _, _ in Tensor(shape) { _ in 0 } }
        let y = try Scope(model).apply(part, to: values[0], at: "0")
        guard phase == .training else { return [y] }
        return try [y] + y.trace.gradients(of: y.total(), withRespectTo: values)
      }
    }
  }

  /// Tries all of the inputs; throws if none of them is taken.
  private func traceAny(of inputs: [[Shape]], _ write: ([Value]) throws -> [Value]) throws {
    let refusals = try inputs.compactMap { shapes -> (any Error)? in
      do {
        try trace(shapes, write)
        return nil
      } catch  where !(error is Failure) && !(error is VerificationError) {
        return error
      }
    }
    if refusals.count == inputs.count, let refusal = refusals.last { throw refusal }
  }

  private func trace(_ inputs: [Shape], _ write: ([Value]) throws -> [Value]) throws {
    let trace = Trace()
    let values = inputs.enumerated().map { trace.input("\($0)", $1) }
    for (index, output) in try write(values).enumerated() { trace.output(output, as: "\(index)") }
    let graph = try trace.finish()
    if graph.nodes.count > Trace.nodeBudget { throw Failure("makes \(graph.nodes.count) nodes") }
  }
}
