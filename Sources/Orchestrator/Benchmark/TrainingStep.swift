import Observers
import Execution
import Experiments
import Registry
import Tensors

/// The training step of a recipe, compiled, with the data that it takes.
struct TrainingStep {
  let pipeline: Pipeline
  let programs: TrainingPrograms

  /// Throws as `train` does.
  ///
  /// `store`: remembers which kernels are used; nil to remember nothing.
  ///
  /// `retunes`: whether kernels that the store remembers are chosen anew.
  init(
    _ recipe: Recipe, _ orchestrator: Orchestrator, isProfiled: Bool = false, in store: ExperimentStore?, retunes: Bool
  ) throws {
    var recipe = recipe
    recipe.validation = 0
    recipe.monitor = ""
    pipeline = try Pipeline(recipe, registry: orchestrator.registry, context: orchestrator.context(recipe))
    // Whole batches alone: a ragged one would be another program's time.
    let memory = KernelMemory(store, pipeline)
    programs = try TrainingPrograms(
      pipeline, lastBatch: pipeline.recipe.batch, memory.recall(retunes: retunes), isProfiled: isProfiled)
    try memory.keep(programs)
  }

  /// The step as it was planned, on this machine.
  func plan() throws -> StepPlan {
    let summary = programs.plan
    let variables = programs.variables.reduce(0) { $0 + $1.shape.elementCount }
    let kernels = summary.kernels.indices.map { index in
      StepPlan.Kernel(
        title: summary.kernels[index], cost: index < summary.costs.count ? summary.costs[index] : nil)
    }
    return StepPlan(
      kernels: kernels, backend: type(of: pipeline.parts.backend).name, precision: pipeline.recipe.precision,
      warnings: pipeline.warnings, batch: pipeline.recipe.batch,
      parameterCount: programs.summary.parameterCount, arenaBytes: summary.arenaBytes,
      unsharedBytes: summary.unsharedBytes, floatingPointOperations: programs.graph.floatingPointOperations,
      machine: try MachineSpeed(
        pipeline.parts.backend, programs.options, touching: summary.arenaBytes + 4 * variables))
  }
}
