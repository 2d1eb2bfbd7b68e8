import Execution
import Experiments
import Losses
import Registry
import Tensors
import TrainingMetrics

/// The parts of a saved run that inference needs, made when they are asked for: neither optimizer nor observers, nor the
/// backend that trained, have to exist any more.
struct InferenceParts {
  let saved: SavedRun
  let recipe: Recipe
  let maker: PartMaker

  /// `backend`: what computes; nil for the fastest that the machine can run.
  init(_ saved: SavedRun, _ registry: Registry, backend: String?) throws {
    var recipe = saved.recipe
    recipe.setText("", of: PartSlots.table.backend)
    if let backend { try recipe.set(PartSlots.table.backend.key, to: backend, origin: "--backend") }
    recipe = try recipe.prepared(registry)
    self.saved = saved
    self.recipe = recipe
    maker = PartMaker(registry: registry, recipe: recipe)
  }

  func preprocessing() throws -> Preprocessing {
    try Preprocessing(
      restoring: maker.make(\.preprocess), saved.checkpoint.preprocessing(inputShape: saved.state.inputShape))
  }

  func model(_ preprocessing: Preprocessing) throws -> Model {
    try Model(maker.make(\.model), input: preprocessing.outputShape)
  }

  /// Parameters and statistics, in the model's order.
  func variables(_ preprocessing: Preprocessing) throws -> [Variable] {
    try model(preprocessing).variables(input: preprocessing.outputShape)
  }

  /// A session with the checkpoint's parameters and statistics. Kernels are the run's if the backend is.
  func session(_ preprocessing: Preprocessing) throws -> any Session {
    let backend = try maker.make(\.backend)
    guard type(of: backend).computes else {
      throw OrchestratorError.computesNothing(
        backend: type(of: backend).name, computing: maker.registry.computingBackends)
    }
    var recipe = recipe
    if backend.obstacle(to: recipe.precision) != nil { recipe.precision = .float32 }
    let isOfTraining = type(of: backend).name == saved.run.backend
    let session = try backend.makeSession(
      recipe.sessionOptions(isOfTraining ? saved.state.kernels : KernelSelection()))
    try saved.run.naming { try saved.checkpoint.restore(variables(preprocessing), in: session) }
    return session
  }
}

/// A checkpoint with what its state says.
struct SavedRun {
  let run: RunRecord
  let checkpoint: Checkpoint
  let state: TrainingState
  let recipe: Recipe

  init(_ run: RunRecord, in store: ExperimentStore, _ selection: CheckpointSelection) throws {
    let hasBest = try selection != .best || store.checkpoints(ofRun: run.id).contains(where: \.isBest)
    self.run = run
    checkpoint = try store.loadCheckpoint(hasBest ? selection : .last, ofRun: run.id)
    state = try TrainingState(decoding: checkpoint.state, run: run.id, step: checkpoint.step)
    recipe = try Recipe(stored: state.recipe, ofRun: run.id)
  }
}
