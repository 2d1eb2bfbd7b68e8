import Execution
import Losses
import Registry
import Tensors

extension ConformanceSuite {
  func lossChecks(_ entry: Registry.Entry) -> [CheckResult] {
    formulaChecks(entry, isDifferentiable: true) { component, title in
      guard let part = component as? any Loss else { return [] }
      let prediction = normal([4, 5], "prediction")
      return [
        pairFormula(title, prediction, targets(of: part, [4, 5])) { part.losses(of: $0, $1, Self.context).values }
      ]
    } + [
      result(entry, "finite") {
        for (title, component) in try variants(of: entry) {
          guard let part = component as? any Loss else { continue }
          for (content, prediction) in predictions([4, 5]) {
            let formula = pairFormula(title, prediction, targets(of: part, [4, 5])) {
              part.losses(of: $0, $1, Self.context).values
            }
            try checkFinite(formula, of: "predictions \(content)", withGradients: true)
          }
        }
        return "predictions \(predictions([4, 5]).map(\.content).joined(separator: ", "))"
      },
      result(entry, "weights") { try checkWeights(entry) },
      result(entry, "prediction") { try checkPrediction(entry) },
      result(entry, "untrained value") { try checkUntrainedValue(entry) },
      result(entry, "unfit shapes") {
        try checkUnfitShapes(entry) { ($0 as? any Loss).map { part in { part($0, $1) } } }
      },
    ]
  }

  /// The checks of parts that are one expression.
  func formulaChecks(
    _ entry: Registry.Entry, isDifferentiable: Bool, _ formulas: (any Component, String) throws -> [Formula]
  ) -> [CheckResult] {
    let made = Result { try variants(of: entry).flatMap { try formulas($0.part, $0.title) } }
    var results: [CheckResult] = []
    if isDifferentiable { results.append(result(entry, "gradient") { try checkGradients(made.get()) }) }
    return results
      + executionChecks(entry) {
        try made.get().map { try $0.experiment(withGradients: isDifferentiable).experiment }
      }
  }

  /// Of at least one formula.
  func checkGradients(_ formulas: [Formula]) throws -> String {
    guard let worst = try formulas.map({ try $0.checkGradient() }).max() else {
      throw Skip(reason: "there is no program to differentiate")
    }
    return "worst relative error \(worst)"
  }

  /// The result, and the gradients if they are wanted, are finite on every backend.
  func checkFinite(_ formula: Formula, of content: String, withGradients: Bool) throws {
    let experiment = try formula.experiment(withGradients: withGradients).experiment
    for backend in try presentBackends() {
      let outputs = try experiment.run(in: experiment.session(on: backend, seed: seed), steps: 1..<2).outputs[0]
      for (output, name) in zip(outputs, experiment.graph.outputs.map(\.name)) {
        guard output.doubles.allSatisfy(\.isFinite) else {
          throw Failure(
            "\(formula.title), backend \(type(of: backend).name): of \(content), \(name) is \(output.doubles)")
        }
      }
    }
  }

  /// What a model may give, that of an untrained one and of one that overshot among it.
  func predictions(_ shape: Shape) -> [(content: String, values: Tensor)] {
    [
      ("normal", normal(shape, "prediction")), ("zero", Tensor(shape) { _ in 0 }),
      ("to ±1e4", Tensor(shape) { $0 % 3 == 0 ? -1e4 : 1e4 / Double($0 + 1) }),
    ]
  }

  func pairFormula(
    _ title: String, _ prediction: Tensor, _ target: Tensor, _ part: @escaping (Value, Value) -> Value
  ) -> Formula {
    Formula(
      title: "\(title) of predictions \(prediction.shape) and targets \(target.shape)",
      given: [
        Formula.Given(name: "prediction", value: prediction),
        Formula.Given(name: "target", value: target, isDifferentiable: false),
      ], seed: seed
    ) { trace, values in
      let result = part(values[0], values[1])
      try trace.check()
      guard result.shape == [prediction.shape[0]] else {
        throw Failure(
          "\(title) makes \(result.shape) of a batch of \(prediction.shape[0]), one value an example is due")
      }
      return (result, nil)
    }
  }

  private func targets(of part: any Loss, _ shape: Shape) -> Tensor {
    part.targetKind == .classes ? classIndices(shape[0], below: shape[1]) : uniform(shape, "targets")
  }

  /// Classes of different size, one of them without examples.
  private static let context = LossContext(classCounts: [10, 0, 7, 1, 2])

  /// What examples count is finite and at least 0; where all count one, the losses are those of the plain formula.
  private func checkWeights(_ entry: Registry.Entry) throws -> String {
    var weighted = 0
    for (title, component) in try variants(of: entry) {
      guard let part = component as? any Loss else { continue }
      let (prediction, target) = (normal([4, 5], "prediction"), targets(of: part, [4, 5]))
      var hasWeights = false
      let weights = try result(
        of: pairFormula(title, prediction, target) { x, y in
          let losses = part.losses(of: x, y, Self.context)
          hasWeights = losses.weights != nil
          return losses.weights ?? losses.values
        }
      ).doubles
      if hasWeights {
        weighted += 1
        guard weights.allSatisfy({ $0.isFinite && $0 >= 0 }) else {
          throw Failure("\(title), class counts \(Self.context.classCounts ?? []): examples count \(weights)")
        }
      } else {
        let plain = try result(of: pairFormula(title, prediction, target) { part($0, $1) }).doubles
        guard plain == weights else {
          throw Failure("\(title): without weights, the losses are \(weights), and by the plain formula \(plain)")
        }
      }
    }
    return "\(weighted) variants weigh examples"
  }

  func classIndices(_ count: Int, below classes: Int) -> Tensor {
    var stream = stream("classes")
    return Tensor([count]) { _ in Double(stream.index(below: classes)) }
  }

  /// On the reference, in Float64.
  func result(of formula: Formula) throws -> Tensor {
    let experiment = try formula.experiment(withGradients: false).experiment
    return try experiment.run(in: experiment.session(on: ReferenceBackend(), seed: seed), steps: 1..<2)
      .outputs[0][0]
  }

  /// A prediction has the output's shape; probabilities are from 0 to 1, and what is a probability already stays.
  private func checkPrediction(_ entry: Registry.Entry) throws -> String {
    var meanings: Set<String> = []
    for (title, component) in try variants(of: entry) {
      guard let part = component as? any Loss else { continue }
      let output = normal([4, 5], "prediction")
      for range in [nil, .unitInterval, .distribution] as [OutputRange?] {
        let trace = Trace()
        let value = trace.input("output", output.shape)
        let prediction = part.prediction(of: value, range: range)
        try trace.check()
        meanings.insert(prediction.meaning.rawValue)
        guard prediction.values.shape == output.shape else {
          throw Failure("\(title): of outputs \(output.shape), the prediction has shape \(prediction.values.shape)")
        }
        guard prediction.meaning == .probabilities else { continue }
        if range == .distribution, prediction.values.id != value.id {
          throw Failure("\(title): outputs that are probabilities already are changed")
        }
        let formula = pairFormula(title, output, output) { output, _ in
          let outside = part.prediction(of: output, range: nil).values - 0.5
          return outside.absolute().maximum(over: [1]).reshaped([output.shape[0]])
        }
        let distances = try result(of: formula).doubles
        guard distances.allSatisfy({ $0 <= 0.5 }) else {
          throw Failure("\(title): probabilities are up to \(distances) from one half")
        }
      }
    }
    return meanings.sorted().joined(separator: ", ")
  }

  /// Equal scores have the loss that is foretold of a model that knows nothing.
  private func checkUntrainedValue(_ entry: Registry.Entry) throws -> String {
    for (title, component) in try variants(of: entry) {
      guard let part = component as? any Loss else { continue }
      guard let foretold = part.untrainedValue(classes: 5) else { throw Skip(reason: "has no such value") }
      let zeros = Tensor([4, 5]) { _ in 0 }
      let values = try result(of: pairFormula(title, zeros, targets(of: part, [4, 5])) { part($0, $1) }).doubles
      guard values.allSatisfy({ abs($0 - foretold) <= 1e-9 * max(1, foretold) }) else {
        throw Failure("\(title): equal scores have the losses \(values), foretold is \(foretold)")
      }
    }
    return ""
  }

  func checkUnfitShapes(
    _ entry: Registry.Entry, _ function: (any Component) -> ((Value, Value) -> Value)?
  ) throws -> String {
    let part = try registry.make(Specification(parsing: entry.type.example, origin: "example"), entry)
    guard let function = function(part) else { return "" }
    let trace = Trace()
    _ = function(trace.input("prediction", [4, 5]), trace.input("target", [3]))
    do {
      try trace.check()
    } catch {
      return error.description
    }
    throw Failure("predictions [4, 5] with targets [3] are taken silently")
  }
}
