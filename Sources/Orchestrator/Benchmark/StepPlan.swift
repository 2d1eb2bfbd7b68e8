import Execution
import Registry
import Tensors

/// The training step of a recipe as it is planned, before anything is run.
public struct StepPlan: Sendable {
  /// One line a kernel, in the order of execution.
  public let kernels: [String]
  public let backend: String
  public let batch: Int
  public let parameterCount: Int
  /// Of all intermediate results together, and what they would take without sharing.
  public let arenaBytes: Int
  public let unsharedBytes: Int
  /// Multiplications and additions of the matrix products and convolutions.
  public let floatingPointOperations: Double
  /// What a large matrix product reaches here a second.
  public let peakOperationsPerSecond: Double

  /// No step can be faster, unless an algorithm saves multiplications.
  public var floorMilliseconds: Double { 1000 * floatingPointOperations / peakOperationsPerSecond }
}

extension Orchestrator {
  /// Plans the training step of a recipe.
  ///
  /// - Throws: as `train` does.
  public func plan(_ recipe: Recipe) throws -> StepPlan {
    var recipe = recipe
    recipe.validation = 0
    let pipeline = try Pipeline(recipe, registry: registry, context: context(recipe))
    let programs = try TrainingPrograms(pipeline, lastBatch: pipeline.recipe.batch)
    return StepPlan(
      kernels: programs.plan.kernels, backend: type(of: pipeline.parts.backend).name, batch: pipeline.recipe.batch,
      parameterCount: programs.summary.parameterCount, arenaBytes: programs.plan.arenaBytes,
      unsharedBytes: programs.plan.unsharedBytes, floatingPointOperations: programs.graph.floatingPointOperations,
      peakOperationsPerSecond: try peak(pipeline))
  }
}
