import Datasets
import Execution
import Foundation
import Optimizers
import Registry
import Tensors

/// How long a training step of a recipe takes: batch, forward, backward and update, without evaluation and store.
public struct StepBenchmark: Sendable, Codable {
  /// Milliseconds of a step; the tenth and the ninetieth percentile beside the median.
  public let medianMilliseconds: Double
  public let p10Milliseconds: Double
  public let p90Milliseconds: Double
  public let steps: Int
  public let batch: Int
  public let parameterCount: Int
  /// Multiplications and additions of the step's matrix products and convolutions.
  public let floatingPointOperations: Double
  /// What the largest matrix product here reaches a second, measured in the same run.
  public let peakOperationsPerSecond: Double
  /// From the call to the end of the first step.
  public let secondsToFirstStep: Double
  /// Of the program: what all intermediate results take together.
  public let arenaBytes: Int
  /// The kernels of a step in order, each with its mean milliseconds if these were asked for.
  public let kernels: [Kernel]

  public struct Kernel: Sendable, Codable {
    public let title: String
    public let milliseconds: Double?
  }

  public var examplesPerSecond: Double { Double(batch) / medianMilliseconds * 1000 }
  public var operationsPerSecond: Double { floatingPointOperations / medianMilliseconds * 1000 }
  public var shareOfPeak: Double { operationsPerSecond / peakOperationsPerSecond }
}

extension Orchestrator {
  /// Times `steps` steps of a recipe, after a few that do not count.
  ///
  /// - Throws: as `train` does.
  public func benchmark(_ recipe: Recipe, steps: Int, isProfiled: Bool = false) throws -> StepBenchmark {
    let clock = ContinuousClock()
    let began = clock.now
    var recipe = recipe
    recipe.validation = 0
    let pipeline = try Pipeline(recipe, registry: registry, context: context(recipe))
    let order = EpochOrder(
      count: pipeline.data.train.count, batch: pipeline.recipe.batch, seed: pipeline.recipe.seed, shuffles: true)
    // Epochs of whole batches: a ragged one would be another program's time.
    let wholeSteps = max(1, order.count / order.batch)
    let programs = try TrainingPrograms(pipeline, lastBatch: order.batch, isProfiled: isProfiled)
    let maker = BatchMaker(
      pipeline.data.train, pipeline.preprocessing, augmentations: pipeline.parts.augmentations,
      seed: pipeline.recipe.seed)
    let warmUp = max(3, steps / 10)
    let batches = Prefetcher(0..<warmUp + steps) { step in
      maker.batch(order.examples(ofStep: step % wholeSteps).indices, epoch: 0)
    }
    defer { batches.stop() }
    var times: [Double] = []
    var firstStep = 0.0
    for number in 1...warmUp + steps {
      let start = clock.now
      guard let batch = batches.next() else { break }
      _ = try programs.step(batch, rate: pipeline.parts.optimizer.rate, number: number)
      if number == 1 { firstStep = (clock.now - began) / .seconds(1) }
      if number > warmUp { times.append((clock.now - start) / .milliseconds(1)) }
    }
    times.sort()
    let seconds = programs.kernelSeconds
    let kernels = programs.plan.kernels.enumerated().map { index, title in
      StepBenchmark.Kernel(
        title: title,
        milliseconds: isProfiled && index < seconds.count ? 1000 * seconds[index] / Double(warmUp + steps) : nil)
    }
    let graph = programs.graph
    return StepBenchmark(
      medianMilliseconds: times[times.count / 2], p10Milliseconds: times[times.count / 10],
      p90Milliseconds: times[times.count * 9 / 10], steps: times.count, batch: order.batch,
      parameterCount: programs.summary.parameterCount, floatingPointOperations: graph.floatingPointOperations,
      peakOperationsPerSecond: try peak(pipeline), secondsToFirstStep: firstStep,
      arenaBytes: programs.plan.arenaBytes, kernels: kernels)
  }

  /// What the backend makes of a matrix product that fills the machine.
  func peak(_ pipeline: Pipeline) throws -> Double {
    let size = 1024
    let trace = Trace()
    let x = trace.input("x", [size, size])
    trace.output(x.matmul(trace.input("y", [size, size])).sum(over: [0, 1]).reshaped(.scalar), as: "sum")
    let graph = try trace.finish()
    let session = try pipeline.parts.backend.makeSession(SessionOptions(threads: pipeline.recipe.threads))
    let program = try session.compile(graph)
    let matrix = Tensor([size, size]) { Double($0 % 7) }.converted(to: .float32)
    let clock = ContinuousClock()
    var best = Duration.seconds(1000)
    for step in 1...8 {
      let start = clock.now
      _ = try program.run([matrix, matrix], step: UInt64(step))
      best = min(best, clock.now - start)
    }
    return graph.floatingPointOperations / (best / .seconds(1))
  }
}

extension Graph {
  /// Multiplications and additions of matrix products, convolutions and the gradients of these.
  var floatingPointOperations: Double {
    nodes.reduce(0) { sum, node in
      let operands = node.operands.map { self[$0].shape }
      let products: Int
      switch node.operation {
      case .matmul(let transposeFirst, _): products = node.shape.elementCount * operands[0][transposeFirst ? 0 : 1]
      case .convolution: products = node.shape.elementCount * operands[1].elementCount / operands[1][0]
      case .convolutionInputGradient: products = operands[0].elementCount * operands[1].elementCount / operands[1][0]
      case .convolutionFilterGradient: products = operands[0].elementCount * node.shape.elementCount / node.shape[0]
      default: products = 0
      }
      return sum + 2 * Double(products)
    }
  }
}
