import Activations
import Execution
import Registry
import Tensors

extension ConformanceSuite {
  /// Rows, images, and a batch of one that is not square; a layer takes at least one of them.
  static let canonicalShapes: [Shape] = [[3, 8], [2, 4, 6, 6], [1, 2, 5, 7]]

  func transformChecks(_ entry: Registry.Entry) -> [CheckResult] {
    var formulas: [Formula] = []
    var results = [
      result(entry, "shapes") {
        formulas = try transformFormulas(entry)
        return "\(formulas.count) programs of shapes \(Self.canonicalShapes), variants and phases"
      }
    ]
    results.append(
      result(entry, "gradient") {
        try checkGradients(formulas)
      })
    results += executionChecks(entry) {
      if formulas.isEmpty { throw Skip(reason: "no shape is accepted") }
      return try formulas.map { try $0.experiment(withGradients: true).experiment }
    }
    results.append(result(entry, "range") { try checkRange(entry) })
    if Self.isActivation(entry.type) { results.append(result(entry, "finite") { try checkFinite(entry) }) }
    return results
  }

  /// A formula for each variant, canonical shape and phase that the part accepts; what else it throws is a failure.
  private func transformFormulas(_ entry: Registry.Entry) throws -> [Formula] {
    var formulas: [Formula] = []
    for (title, component) in try variants(of: entry) {
      guard let part = component as? any Transform else { continue }
      var refusals: [String] = []
      let before = formulas.count
      for shape in Self.canonicalShapes {
        var programs: [Graph] = []
        for phase in [Scope.Phase.training, .inference] {
          let formula = formula(part, title, normal(shape, "input \(shape)"), phase)
          do {
            let (y, model) = try write(formula)
            if let kept = Self.kept(by: part, of: shape), kept != Self.kept(by: part, of: y.shape) {
              throw Failure("\(formula.title): an activation keeps the shape, this one makes \(y.shape)")
            }
            let names = model?.variables.map(\.name) ?? []
            guard Set(names).count == names.count else { throw Failure("\(formula.title): declares a name twice") }
            // Most parts do the same in both phases, which need not be tried twice.
            let program = try formula.experiment(withGradients: false).experiment.graph
            if !programs.contains(where: { $0.nodes == program.nodes }) { formulas.append(formula) }
            programs.append(program)
          } catch let error as ModelError {
            refusals.append("\(shape): \(error)")
          } catch let error as ShapeError {
            throw Failure("\(formula.title): mistake in the formula, where ModelError is due: \(error)")
          }
        }
      }
      if formulas.count == before {
        throw Failure("\(title) accepts none of \(Self.canonicalShapes):\n  \(refusals.joined(separator: "\n  "))")
      }
    }
    return formulas
  }

  /// In inference, the output is in the range that the part says of itself.
  private func checkRange(_ entry: Registry.Entry) throws -> String {
    var said = 0
    for (title, component) in try variants(of: entry) {
      guard let part = component as? any Transform, let range = part.outputRange else { continue }
      said += 1
      for shape in Self.canonicalShapes {
        let formula = formula(part, title, normal(shape, "input \(shape)"), .inference)
        guard let output = try? result(of: formula) else { continue }
        guard !output.doubles.isEmpty, output.doubles.allSatisfy((0...1).contains) else {
          throw Failure("\(formula.title): the output is said to be in 0…1, and is \(output.doubles)")
        }
        guard range == .distribution, shape.rank > 1 else { continue }
        let sum = Formula(title: formula.title, given: formula.given, seed: seed) { trace, values in
          let (y, model) = try formula.write(trace, values)
          return (y.sum(over: [1]), model)
        }
        let sums = try result(of: sum).doubles
        guard sums.allSatisfy({ abs($0 - 1) < 1e-9 }) else {
          throw Failure("\(formula.title): along axis 1 the output is said to sum to one, and sums to \(sums)")
        }
      }
    }
    if said == 0 { throw Skip(reason: "says nothing of its output's range") }
    return ""
  }

  private static func isActivation(_ type: any Component.Type) -> Bool {
    type is any Activation.Type || type is any ScopedActivation.Type
  }

  /// What an activation must keep of a shape: all of it, or all but the channels; nil for a layer.
  private static func kept(by part: any Transform, of shape: Shape) -> Shape? {
    guard isActivation(type(of: part)) else { return nil }
    let isFree = (type(of: part) as? any ScopedActivation.Type)?.changesChannels ?? false
    return isFree && shape.rank > 1 ? shape.reducing([1]) : shape
  }

  private func formula(_ part: any Transform, _ title: String, _ x: Tensor, _ phase: Scope.Phase) -> Formula {
    Formula(
      title: "\(title) on \(x.shape), \(phase)", given: [Formula.Given(name: "x", value: x)], seed: seed
    ) { trace, values in
      let model = ModelTrace(trace, phase: phase) { shape, fan, stream in
        Tensor(shape) { _ in stream.normal() / Double(max(1, fan.input)).squareRoot() }
      }
      let y = try part(values[0], in: Scope(model))
      try trace.check()
      return (y, model)
    }
  }

  private func write(_ formula: Formula) throws -> (output: Value, model: ModelTrace?) {
    let trace = Trace()
    return try formula.write(trace, formula.given.map { trace.input($0.name, $0.value.shape) })
  }

  /// Value and gradient of great numbers are finite, on every backend.
  private func checkFinite(_ entry: Registry.Entry) throws -> String {
    let numbers = [-1e4, -1000, -100, -20, -1, 0, 1e-4, 1, 20, 100, 1000, 1e4]
    for (title, component) in try variants(of: entry) {
      guard let part = component as? any Transform else { continue }
      for phase in [Scope.Phase.training, .inference] {
        let formula = formula(part, title, Tensor([1, numbers.count]) { numbers[$0] }, phase)
        try checkFinite(formula, of: "\(numbers)", withGradients: true)
      }
    }
    return "to ±1e4"
  }
}
