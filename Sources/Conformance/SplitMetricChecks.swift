import Execution
import Registry
import Tensors
import TrainingMetrics

extension ConformanceSuite {
  func splitMetricChecks(_ entry: Registry.Entry) -> [CheckResult] {
    executionChecks(entry) {
      try forEachSplit(entry) { split in
        try split.formula(rows: 0..<Split.count).experiment(withGradients: false).experiment
      }
    } + [
      result(entry, "halves") {
        try checkSums(entry, "two halves") { try sums($0, [0..<4, 4..<Split.count]) }
      },
      result(entry, "padding") {
        // The last batch is filled up with rows that do not count.
        try checkSums(entry, "batches of 5, filled up") { try sums($0, [0..<5, 5..<Split.count], batch: 5) }
      },
      result(entry, "figures") {
        let names = try forEachSplit(entry) { split in
          let measurement = split.measurement(try sums(split, [0..<Split.count]))
          let declared = split.metric.figures.map(\.name)
          guard Set(declared).count == declared.count, measurement.figures.keys.sorted() == declared.sorted() else {
            throw Failure(
              "\(split.title): declares the figures \(declared), gives \(measurement.figures.keys.sorted())")
          }
          if let figure = measurement.figures.first(where: { !$0.value.isFinite }) {
            throw Failure("\(split.title): the figure '\(figure.key)' is \(figure.value)")
          }
          for table in measurement.tables where table.values.count != table.rows.count * table.columns.count {
            throw Failure(
              "\(split.title): the table '\(table.name)' has \(table.values.count) values in \(table.rows.count) rows "
                + "and \(table.columns.count) columns")
          }
          for table in measurement.tables where !table.values.allSatisfy(\.isFinite) {
            throw Failure("\(split.title): the table '\(table.name)' holds \(table.values)")
          }
          return declared + measurement.tables.map { "table \($0.name)" }
        }
        return Set(names.flatMap { $0 }).sorted().joined(separator: ", ")
      },
      result(entry, "unfit shapes") {
        try checkUnfitShapes(entry) { component in
          (component as? any SplitMetric).map { part in { part.sums($0, $1, weights: $1.trace.input("weights", [4])) } }
        }
      },
    ]
  }

  /// Sums in parts, and what is made of them, are those of the whole.
  private func checkSums(
    _ entry: Registry.Entry, _ parts: String, _ sumsInParts: (Split) throws -> Tensor
  ) throws -> String {
    try forEachSplit(entry) { split in
      let whole = try sums(split, [0..<Split.count])
      let found = try sumsInParts(split)
      // In Float64 on the reference: orders of addition differ by some roundings.
      guard whole.greatestDifference(from: found) <= 1e-12 * whole.greatestMagnitude else {
        throw Failure("\(split.title): the sums over \(parts) are \(found.doubles), over the whole \(whole.doubles)")
      }
      let (expected, measured) = (split.measurement(whole), split.measurement(found))
      for (name, value) in expected.figures {
        guard let other = measured.figures[name], abs(value - other) <= 1e-9 * max(1, abs(value)) else {
          throw Failure("\(split.title): over \(parts) the figure '\(name)' is another")
        }
      }
    }
    return parts
  }

  /// Of all parts together; of each the shape must be the same.
  private func sums(_ split: Split, _ parts: [Range<Int>], batch: Int? = nil) throws -> Tensor {
    let sums = try parts.map { try result(of: split.formula(rows: $0, batch: batch)) }
    guard let shape = sums.first?.shape, sums.allSatisfy({ $0.shape == shape }) else {
      throw Failure("\(split.title): sums have the shapes \(sums.map(\.shape)) by the size of the batch")
    }
    guard sums.allSatisfy({ $0.doubles.allSatisfy(\.isFinite) }) else {
      throw Failure("\(split.title): the sums are \(sums.map(\.doubles))")
    }
    return Tensor(shape) { index in sums.reduce(0) { $0 + $1.doubles[index] } }
  }

  @discardableResult
  private func forEachSplit<Result>(_ entry: Registry.Entry, _ body: (Split) throws -> Result) throws -> [Result] {
    try variants(of: entry).flatMap { title, component in
      guard let metric = component as? any SplitMetric else { return [Result]() }
      let candidates = [
        ("classes", classIndices(Split.count, below: 3)), ("equal classes", Tensor([Split.count]) { _ in 1 }),
        ("numbers", uniform([Split.count, 3], "targets")),
      ].flatMap { content, targets in
        predictions([Split.count, 3]).map { scores, prediction in
          Split(
            title: "\(title) of \(content), predictions \(scores), seed \(seed)", metric: metric,
            prediction: prediction, targets: targets, seed: seed)
        }
      }
      let fitting = candidates.filter {
        (try? $0.formula(rows: 0..<Split.count).experiment(withGradients: false)) != nil
      }
      if fitting.isEmpty { throw Failure("\(title) takes neither class indices [7] nor numbers [7, 3]") }
      return try fitting.map(body)
    }
  }
}

/// A few examples that a metric measures, in one batch or several.
private struct Split {
  static let count = 7
  let title: String
  let metric: any SplitMetric
  /// `[7, 3]`.
  let prediction: Tensor
  let targets: Tensor
  let seed: UInt64

  /// The sums of some rows; beyond them, up to the size of a batch, the last is repeated without weight.
  func formula(rows: Range<Int>, batch: Int? = nil) -> Formula {
    let size = batch ?? rows.count
    let indices = (0..<size).map { min(rows.lowerBound + $0, rows.upperBound - 1) }
    let weights = Tensor([size]) { $0 < rows.count ? 1 : 0 }
    let given = [
      ("prediction", prediction.gathering(indices)), ("target", targets.gathering(indices)), ("weights", weights),
    ]
    return Formula(
      title: "\(title), rows \(rows) in a batch of \(size)",
      given: given.map { Formula.Given(name: $0, value: $1, isDifferentiable: false) }, seed: seed
    ) { [metric] trace, values in
      let sums = metric.sums(values[0], values[1], weights: values[2])
      try trace.check()
      return (sums, nil)
    }
  }

  func measurement(_ sums: Tensor) -> SplitMeasurement {
    metric.finish(sums, SplitContext(examples: Self.count, classNames: ["a", "b", "c"]))
  }
}
