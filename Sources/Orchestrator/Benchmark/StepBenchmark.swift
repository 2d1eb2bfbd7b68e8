public import Experiments
import Optimizers
import Tensors

/// How long a training step of a recipe takes: batch, forward, backward and update, without evaluation and store.
public struct StepBenchmark: Sendable {
  /// The step as it was planned.
  public let plan: StepPlan
  /// Milliseconds of each timed step, ascending.
  public let milliseconds: [Double]
  /// From the call to the end of the first step, compilation included.
  public let secondsToFirstStep: Double
  /// The most memory that the process has held at once, up to the last step.
  public let peakMemoryBytes: Int
  /// Milliseconds that each kernel of the plan took, the mean of the timed steps; empty unless the step was profiled.
  public let kernelMilliseconds: [Double]

  public var medianMilliseconds: Double { percentile(50) }
  public var meanMilliseconds: Double { milliseconds.reduce(0, +) / Double(milliseconds.count) }
  public var examplesPerSecond: Double { Double(plan.batch) / medianMilliseconds * 1000 }
  public var operationsPerSecond: Double { plan.floatingPointOperations / medianMilliseconds * 1000 }
  /// Above 1 where an algorithm saves multiplications.
  public var shareOfPeak: Double { operationsPerSecond / plan.machine.operationsPerSecond }

  /// The time that so many of a hundred steps stay below, between the neighbours that were measured.
  public func percentile(_ hundredth: Double) -> Double {
    let position = hundredth / 100 * Double(milliseconds.count - 1)
    let below = Int(position)
    let above = min(below + 1, milliseconds.count - 1)
    return milliseconds[below] + (position - Double(below)) * (milliseconds[above] - milliseconds[below])
  }
}

extension Orchestrator {
  /// Times `steps` steps of a recipe, after a few that do not count.
  ///
  /// - Parameters:
  ///   - recipe: what is trained.
  ///   - steps: how many are timed.
  ///   - isProfiled: whether each kernel is timed.
  ///   - store: remembers which kernels are used; nil to remember nothing.
  ///   - retunes: whether kernels that the store remembers are chosen anew.
  /// - Returns: the times.
  /// - Throws: as `train` does.
  public func benchmark(
    _ recipe: Recipe, steps: Int, isProfiled: Bool = false, in store: ExperimentStore? = nil, retunes: Bool = false
  ) throws -> StepBenchmark {
    let clock = ContinuousClock()
    let began = clock.now
    let step = try TrainingStep(recipe, self, isProfiled: isProfiled, in: store, retunes: retunes)
    let (pipeline, programs) = (step.pipeline, step.programs)
    let order = EpochOrder(
      count: pipeline.data.train.count, batch: pipeline.recipe.batch, seed: pipeline.recipe.seed, shuffles: true)
    let wholeSteps = max(1, order.count / order.batch)
    let maker = BatchMaker(
      pipeline.data.train, pipeline.preprocessing, augmentations: pipeline.parts.augment,
      seed: pipeline.recipe.seed)
    let steps = max(1, steps)
    let warmUp = max(3, steps / 10)
    let batches = Prefetcher(0..<warmUp + steps) { step in
      try maker.batch(order.examples(ofStep: step % wholeSteps).indices, epoch: 0)
    }
    defer { batches.stop() }
    var times: [Double] = []
    var firstStep = 0.0
    var secondsBefore = programs.kernelSeconds
    for number in 1...warmUp + steps {
      let start = clock.now
      guard let batch = try batches.next() else { break }
      _ = try programs.step(batch, rate: pipeline.parts.optimizer.rate, number: number)
      if number == 1 { firstStep = (clock.now - began) / .seconds(1) }
      if number > warmUp { times.append((clock.now - start) / .milliseconds(1)) }
      if number == warmUp { secondsBefore = programs.kernelSeconds }
    }
    let peak = peakMemoryBytes()
    return StepBenchmark(
      plan: try step.plan(), milliseconds: times.sorted(), secondsToFirstStep: firstStep, peakMemoryBytes: peak,
      kernelMilliseconds: zip(programs.kernelSeconds, secondsBefore).map { 1000 * ($0 - $1) / Double(times.count) })
  }
}
