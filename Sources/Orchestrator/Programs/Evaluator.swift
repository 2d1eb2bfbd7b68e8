import Observers
import Execution
import Tensors
import TrainingMetrics

/// Measures loss and metrics of whole splits, in inference.
final class Evaluator {
  private let assessed: AssessedModel
  private let batch: Int
  private let session: any Session
  private var program: (any Program)?

  /// `batch`: how many examples are computed at once.
  init(_ assessed: AssessedModel, batch: Int, _ session: any Session) {
    self.assessed = assessed
    self.batch = batch
    self.session = session
  }

  /// Compiles, so that its kernels are known before the first evaluation.
  @discardableResult
  func compile() throws -> any Program {
    let program = try program ?? session.compile(EvaluationGraph(assessed, batch: batch).graph)
    self.program = program
    return program
  }

  /// Loss and metrics over all examples.
  func measure(_ examples: Examples) throws -> Measurement {
    let rows = batch
    let program = try compile()
    let maker = BatchMaker(examples, assessed.preprocessing)
    let count = examples.count
    let batches = Prefetcher(0..<(count + rows - 1) / rows) { index in
      try maker.batch(index * rows..<min((index + 1) * rows, count), epoch: 0, rows: rows)
    }
    let weighs = !assessed.metrics.ofSplits.isEmpty
    let isLossWeighted = program.graph.outputs.contains { $0.name == "loss weights" }
    var totals = SplitTotals(assessed.metrics, isLossWeighted: isLossWeighted)
    while let batch = try batches.next() {
      var inputs = [(name: "inputs", value: batch.inputs), ("targets", batch.targets)]
      if weighs { inputs.append(("weights", batch.weights)) }
      try totals.add(program.run(named: inputs, step: 0), examples: batch.count)
    }
    return totals.measurement(SplitContext(examples: count, classNames: examples.classNames))
  }
}

/// What is known of a split once it was measured.
struct Measurement {
  /// `loss`, then those of the metrics.
  let figures: [Figure]
  let tables: [MetricTable]
}

/// Sums over a split in Float64: of means over examples example by example, else batch by batch.
private struct SplitTotals {
  private let metrics: [any Metric]
  private let isLossWeighted: Bool
  private var loss = 0.0
  /// What the examples count in the sum of the loss.
  private var lossWeight = 0.0
  private var means: [String: Double] = [:]
  private var sums: [String: Tensor] = [:]

  init(_ metrics: [any Metric], isLossWeighted: Bool) {
    self.metrics = metrics
    self.isLossWeighted = isLossWeighted
  }

  /// Rows after the first `examples` only fill up the batch.
  mutating func add(_ outputs: NamedOutputs, examples: Int) throws {
    for value in try outputs["loss"].doubles.prefix(examples) { loss += value }
    lossWeight +=
      isLossWeighted ? try outputs["loss weights"].doubles.prefix(examples).reduce(0, +) : Double(examples)
    for (name, _) in metrics.means {
      let values = try outputs[metricOutput(name)].doubles.prefix(examples)
      means[name] = values.reduce(means[name] ?? 0, +)
    }
    for (name, _) in metrics.ofSplits {
      let values = try outputs[metricOutput(name)]
      let (added, before) = (values.doubles, sums[name]?.doubles)
      sums[name] = Tensor(values.shape) { (before?[$0] ?? 0) + added[$0] }
    }
  }

  func measurement(_ context: SplitContext) -> Measurement {
    let examples = Double(max(1, context.examples))
    var values = means.mapValues { $0 / examples }
    values["loss"] = loss / (lossWeight > 0 ? lossWeight : 1)
    var tables: [MetricTable] = []
    for (name, metric) in metrics.ofSplits {
      guard let sums = sums[name] else { continue }
      let measurement = metric.finish(sums, context)
      for (figure, value) in measurement.figures { values[figureName(figure, of: name)] = value }
      tables += measurement.tables
    }
    return Measurement(figures: metrics.splitFigures.map { Figure($0, values[$0.name] ?? .nan) }, tables: tables)
  }
}
