// What training tells, and gives back, is a part of what callers see here.
@_exported public import Observers
public import Experiments
import Datasets
public import Registry

/// Trains, resumes, evaluates and loads runs whose parts are given by name. A value that knows no part itself.
public struct Orchestrator: Sendable {
  let registry: Registry
  let environment: [String: String]
  let workingFolder: String

  /// - Parameters:
  ///   - registry: the parts that there are.
  ///   - environment: FLEDGE_DATA names folders of data, separated by colons.
  ///   - workingFolder: what relative paths start from.
  public init(registry: Registry, environment: [String: String], workingFolder: String = ".") {
    self.registry = registry
    self.environment = environment
    self.workingFolder = workingFolder
  }

  /// Trains a recipe as a new run of the store. Everything is checked, and compiled, before the run is begun.
  ///
  /// - Parameters:
  ///   - recipe: what is trained.
  ///   - store: where the run is kept.
  ///   - member: its place in a group, for a run that belongs to one.
  ///   - retunes: whether kernels that the store remembers are chosen anew.
  ///   - observers: what else watches the run.
  ///   - interruption: through which the caller stops it.
  /// - Returns: how the run ended.
  /// - Throws: ``RecipeError``, `SpecificationError`, `DatasetError`, `ModelError` and ``OrchestratorError`` for what
  ///   does not fit; `StoreError`; what an observer throws.
  public func train(
    _ recipe: Recipe, in store: ExperimentStore, as member: NewMember? = nil, retunes: Bool = false,
    observers: [any TrainingObserver] = [], interruption: Interruption = Interruption()
  ) throws -> TrainingOutcome {
    let pipeline = try Pipeline(recipe, registry: registry, context: context(recipe))
    let memory = KernelMemory(store, pipeline)
    let trainer = try Trainer(
      pipeline, kernels: memory.recall(retunes: retunes), observers: observers, interruption: interruption)
    trainer.timedKernels = try memory.keep(trainer.programs)
    try giveInitialWeights(to: trainer)
    return try trainer.run(store.begin(newRun(pipeline), as: member))
  }

  func context(_ recipe: Recipe) -> DatasetContext {
    var context = DatasetContext(seed: recipe.seed, environment: environment)
    context.workingFolder = workingFolder
    return context
  }

  func newRun(_ pipeline: Pipeline) -> NewRun {
    let recipe = pipeline.recipe
    return NewRun(
      name: recipe.name.isEmpty ? nil : recipe.name, tags: recipe.tags, recipeYAML: recipe.yaml,
      components: pipeline.parts.components(registry) + recipe.components, seed: recipe.seed,
      versions: Provenance.versions, gitRevision: Provenance.gitRevision(of: workingFolder), threads: recipe.threads,
      backend: type(of: pipeline.parts.backend).name)
  }
}
