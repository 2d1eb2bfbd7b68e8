import Execution
import Registry
import Tensors

extension ConformanceSuite {
  /// The checks of parts that are one expression of one tensor: gradient, laws of the kind, and agreement of backends.
  func tensorFunctionChecks(_ entry: Registry.Entry, _ type: any TensorFunction.Type) -> [CheckResult] {
    formulaChecks(entry, isDifferentiable: type.isDifferentiable) { component, title in
      guard let part = component as? any TensorFunction else { return [] }
      return Self.functionShapes.map { formula(part, title, normal($0, "parameter \($0)")) }
    } + [
      result(entry, "laws") {
        for (title, component) in try variants(of: entry) {
          guard let part = component as? any TensorFunction else { continue }
          for shape in Self.functionShapes { try checkLaws(of: part, title, normal(shape, "parameter \(shape)"), type) }
        }
        return "\(Self.functionShapes.count) shapes"
      },
      result(entry, "finite") {
        for (title, component) in try variants(of: entry) {
          guard let part = component as? any TensorFunction else { continue }
          for (content, number) in [("zeros", 0.0), ("±1e4", 1e4)] {
            let input = Tensor([3, 4]) { $0.isMultiple(of: 2) ? number : -number }
            try checkFinite(formula(part, title, input), of: content, withGradients: type.isDifferentiable)
          }
        }
        return "zeros, ±1e4"
      },
    ]
  }

  /// A weight of a dense layer, filters, a bias, and one number.
  private static let functionShapes: [Shape] = [[3, 4], [2, 3, 2, 2], [5], [1, 1]]

  private func checkLaws(
    of part: any TensorFunction, _ title: String, _ input: Tensor, _ type: any TensorFunction.Type
  ) throws {
    let place = "\(title) on \(input.shape), seed \(seed)"
    let once = try result(of: formula(part, title, input))
    guard once.doubles.allSatisfy({ $0.isFinite }) else { throw Failure("\(place): the result is \(once.doubles)") }
    if let violation = part.violation(input: input, result: once) { throw Failure("\(place): \(violation)") }
    guard type.isProjection else { return }
    let twice = try result(of: formula(part, title, once))
    guard twice.shape == once.shape, zip(twice.doubles, once.doubles).allSatisfy({ abs($0 - $1) <= 1e-12 }) else {
      throw Failure("\(place): a second application makes \(twice.doubles) of \(once.doubles)")
    }
  }

  private func formula(_ part: any TensorFunction, _ title: String, _ input: Tensor) -> Formula {
    Formula(
      title: "\(title) on \(input.shape)", given: [Formula.Given(name: "parameter", value: input)], seed: seed
    ) { trace, values in
      let result = part.result(of: values[0])
      try trace.check()
      return (result, nil)
    }
  }
}
