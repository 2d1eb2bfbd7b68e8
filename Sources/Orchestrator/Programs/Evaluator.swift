import Execution
import Tensors

/// Measures loss and metrics of whole splits, in inference.
final class Evaluator {
  private let pipeline: Pipeline
  private let session: any Session
  private var program: (any Program)?

  init(_ pipeline: Pipeline, _ session: any Session) {
    self.pipeline = pipeline
    self.session = session
  }

  /// The means over all examples: `loss`, then the metrics. Sums are kept in Float64, example by example.
  func figures(of examples: Examples) throws -> [Figure] {
    let batch = pipeline.recipe.batch
    let program = try program ?? session.compile(EvaluationGraph(pipeline, batch: batch).graph)
    self.program = program
    let maker = BatchMaker(examples, pipeline.preprocessing)
    let count = examples.count
    let batches = Prefetcher(0..<(count + batch - 1) / batch) { index in
      maker.batch(index * batch..<min((index + 1) * batch, count), epoch: 0, rows: batch)
    }
    let figures = pipeline.parts.figures
    var sums = Array(repeating: 0.0, count: figures.count)
    while let batch = batches.next() {
      let outputs = try program.run(named: ["inputs": batch.inputs, "targets": batch.targets], step: 0)
      for (index, figure) in figures.enumerated() {
        for value in try outputs[figure.name].doubles.prefix(batch.count) { sums[index] += value }
      }
    }
    return zip(figures, sums).map { Figure($0, $1 / Double(max(1, count))) }
  }
}
