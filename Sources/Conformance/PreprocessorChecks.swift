import Preprocessors
import Registry
import Tensors

extension ConformanceSuite {
  func preprocessorChecks(_ entry: Registry.Entry) -> [CheckResult] {
    [
      result(entry, "fitted") { try checkFitted(entry) },
      result(entry, "restored") { try checkRestored(entry) },
      result(entry, "learns from training alone") { try checkUnmoved(entry) },
      result(entry, "no examples") { try checkNoExamples(entry) },
    ]
  }

  /// Fitting twice gives the same statistics; examples become finite numbers of the shape that was said.
  private func checkFitted(_ entry: Registry.Entry) throws -> String {
    try forEachFit(entry) { place, part, training, fitted in
      guard try part.fitted(to: training).statistics == fitted.statistics else {
        throw Failure("\(place): fitted again, its statistics differ")
      }
      let shape = try fitted.outputShape(for: training.inputShape)
      for values in try applied(fitted, to: training) {
        guard values.count == shape.elementCount else {
          throw Failure("\(place): makes \(values.count) numbers, said was the shape \(shape)")
        }
        guard values.allSatisfy({ $0.isFinite }) else { throw Failure("\(place): not all numbers are finite") }
      }
    }
  }

  /// Statistics that went through bytes, as in a checkpoint, change other examples to the same bits.
  private func checkRestored(_ entry: Registry.Entry) throws -> String {
    try forEachFit(entry) { place, part, training, fitted in
      let stored = try fitted.statistics.mapValues { tensor in
        guard let read = Tensor(tensor.shape, tensor.elements.type, bytes: tensor.bytes) else {
          throw Failure("\(place): a statistic of shape \(tensor.shape) has other elements")
        }
        return read
      }
      let restored = try part.restored(from: stored)
      guard restored.statistics == fitted.statistics else {
        throw Failure("\(place): restored, its statistics differ")
      }
      guard try restored.outputShape(for: training.inputShape) == fitted.outputShape(for: training.inputShape) else {
        throw Failure("\(place): restored, it makes another shape")
      }
      let other = others(training)
      let (changed, again) = try (applied(fitted, to: other), applied(restored, to: other))
      guard changed.joined().allSatisfy({ $0.isFinite }) else {
        throw Failure("\(place): of other examples it makes numbers that are not finite")
      }
      guard bits(again) == bits(changed) else {
        throw Failure("\(place): restored, it makes other bits")
      }
    }
  }

  /// Applying changes nothing in what was learned.
  private func checkUnmoved(_ entry: Registry.Entry) throws -> String {
    try forEachFit(entry) { place, _, training, fitted in
      let statistics = fitted.statistics
      let before = try bits(applied(fitted, to: training))
      _ = try applied(fitted, to: others(training))
      guard fitted.statistics == statistics, try bits(applied(fitted, to: training)) == before else {
        throw Failure("\(place): what it does changes with the examples that it is applied to")
      }
    }
  }

  /// No training examples are refused, or do no harm.
  private func checkNoExamples(_ entry: Registry.Entry) throws -> String {
    var refusal = "taken"
    try forEachFit(entry) { place, part, training, _ in
      let fitted: any FittedPreprocessor
      do {
        fitted = try part.fitted(to: training[0..<0])
      } catch {
        refusal = "\(error)"
        return
      }
      guard try applied(fitted, to: training).joined().allSatisfy({ $0.isFinite }) else {
        throw Failure("\(place): fitted to no examples, it makes numbers that are not finite")
      }
    }
    return refusal
  }

  /// Calls `body` for each variant and each set of examples that it accepts; at least one.
  @discardableResult
  private func forEachFit(
    _ entry: Registry.Entry,
    _ body: (_ place: String, any Preprocessor, _ training: Examples, any FittedPreprocessor) throws -> Void
  ) throws -> String {
    var count = 0
    for (title, component) in try variants(of: entry) {
      guard let part = component as? any Preprocessor else { continue }
      var refusals: [String] = []
      for (content, training) in trainingSets() {
        let place = "\(title) on \(content) \(training.inputs.shape), seed \(seed)"
        let fitted: any FittedPreprocessor
        do {
          fitted = try part.fitted(to: training)
        } catch {
          refusals.append("\(place): \(error)")
          continue
        }
        try body(place, part, training, fitted)
        count += 1
      }
      if refusals.count == trainingSets().count {
        throw Failure("\(title) accepts no examples:\n  \(refusals.joined(separator: "\n  "))")
      }
    }
    return "\(count) fits"
  }

  /// Images as bytes, rows, equal examples, a single one.
  private func trainingSets() -> [(content: String, examples: Examples)] {
    let noise = uniform([6, 3, 4, 5], "images").doubles
    let sets = [
      ("images", Tensor([6, 3, 4, 5]) { (noise[$0] * 255).rounded() }.converted(to: .uint8)),
      ("rows", normal([6, 7], "rows").converted(to: .float32)),
      ("equal images", Tensor([4, 1, 3, 3]) { _ in 7 }.converted(to: .uint8)),
      ("one image", Tensor([1, 1, 3, 3]) { Double($0) }.converted(to: .uint8)),
    ]
    return sets.compactMap { content, inputs in
      Examples(inputs: inputs, targets: Tensor([inputs.shape[0]]) { _ in 0 }, classNames: nil).map { (content, $0) }
    }
  }

  /// Examples of the same shape that were not trained on.
  private func others(_ training: Examples) -> Examples {
    var others = training
    let noise = normal(training.inputs.shape, "other examples").doubles
    others.inputs = Tensor(training.inputs.shape) { 1000 * noise[$0] }
    return others
  }

  private func applied(_ fitted: any FittedPreprocessor, to examples: Examples) throws -> [[Float]] {
    try (0..<examples.count).map { index in
      var values: [Float] = []
      try examples.inputs.copyRow(index, into: &values)
      fitted.apply(to: &values, shape: examples.inputShape)
      return values
    }
  }

  private func bits(_ values: [[Float]]) -> [[UInt32]] { values.map { $0.map(\.bitPattern) } }
}
