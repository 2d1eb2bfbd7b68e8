import Datasets
import Execution
import Experiments
import Initializers
import Layers
import Orchestrator
import Preprocessors
import Registry
import Tensors
import Testing

@Suite struct DataDependentWeightsTests {
  private func recipe(_ workshop: Workshop, _ change: (inout Recipe) -> Void = { _ in }) -> Recipe {
    workshop.recipe {
      $0.initializer = "lsuv"
      $0.optimizer = "sgd(0)"
      $0.epochs = 1
      $0.validation = 0
      change(&$0)
    }
  }

  /// Trains with a rate of 0, and takes the first values of all variables from the checkpoint.
  private func weights(_ workshop: Workshop, _ recipe: Recipe) throws -> [String: [Float]] {
    _ = try workshop.train(recipe)
    let run = try workshop.store.run(matching: "last")
    let weights = try workshop.orchestrator.weights(of: run, in: workshop.store, checkpoint: .last)
    return Dictionary(uniqueKeysWithValues: weights.map { ($0.name, $0.elements) })
  }

  /// Mishkin & Matas 2016: every layer's output has variance one on the examples; here those of the first batch.
  @Test(
    "after lsuv every layer's output has variance 1 ± 0.05",
    arguments: [
      ("csv('flowers.csv', label: kind, test: 0)", "dense(16), tanh, dense(16, bias: false), relu, dense(3)", "none"),
      ("shapes(64, test: 1)", "conv(4), relu, residual(conv(4), relu, conv(4)), max-pool, flatten, dense(10)", "scale"),
    ])
  func variances(_ dataset: String, _ model: String, _ preprocess: String) throws {
    let workshop = try Workshop()
    let recipe = recipe(workshop) {
      $0.dataset = dataset
      $0.model = model
      $0.preprocess = preprocess
      $0.batch = 16
    }
    let values = try weights(workshop, recipe)
    let registry = try allParts()
    let root = SequenceLayer(
      try Specification.parseSequence(model, origin: "test").map { try registry.make($0, as: .transform) })
    let session = ReferenceBackend().makeSession(SessionOptions())
    let inputs = try firstBatch(workshop, recipe, registry)
    let probe = LayerProbe(session, inputs: inputs) { x in
      let model = ModelTrace(x.trace, phase: .inference) { shape, _, _ in Tensor(shape) { _ in 0 } }
      _ = try root(x, in: Scope(model))
      return model
    }
    let trace = ModelTrace(Trace(), phase: .inference) { shape, _, _ in Tensor(shape) { _ in 0 } }
    _ = try root(trace.trace.input("inputs", inputs.shape), in: Scope(trace))
    for variable in trace.variables {
      let elements = try #require(values[variable.name])
      try session.write(Tensor(variable.shape) { Double(elements[$0]) }, to: variable)
    }
    let layers = trace.variables.filter { $0.role == .weight }.compactMap { trace.layer(of: $0)?.path }
    #expect(layers.count == (preprocess == "none" ? 3 : 4))
    for path in layers {
      let output = try #require(try probe.output(ofLayerAt: path)).doubles
      let mean = output.reduce(0, +) / Double(output.count)
      let variance = output.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(output.count)
      #expect(abs(variance - 1) <= 0.05, "layer \(path) of \(model): variance \(variance)")
    }
  }

  private func firstBatch(_ workshop: Workshop, _ recipe: Recipe, _ registry: Registry) throws -> Tensor {
    var context = DatasetContext(seed: recipe.seed, environment: [:])
    context.workingFolder = workshop.folder
    let train = try registry.make(recipe.dataset, as: .dataset, origin: "test").load(context).train
    let order = EpochOrder(count: train.count, batch: recipe.batch, seed: recipe.seed, shuffles: recipe.shuffle)
    let batch = train[order.examples(ofStep: 0).indices]
    let prepared = try FittedPipeline(fitting: recipe.preprocess == "scale" ? [Scale()] : [], to: train)
    var values: [Float] = []
    for index in 0..<batch.count {
      var row = try batch.inputs.rows([index]).floats
      prepared.apply(to: &row, shape: batch.inputShape)
      values += row
    }
    return try #require(Tensor(batch.inputs.shape, .float32(values)))
  }

  @Test func theSameRecipeGivesTheSameBits() throws {
    let workshop = try Workshop()
    #expect(try weights(workshop, recipe(workshop)) == weights(workshop, recipe(workshop)))
  }

  @Test func aRunThatFailedBeforeItSavedBeginsAnewWithTheSameBits() throws {
    struct Fault: Error {}
    let workshop = try Workshop()
    let recipe = recipe(workshop) { $0.optimizer = "adam(0.02)" }
    let whole = try workshop.train(recipe)
    let faulty = Watcher { event in
      if case .stepped = event { throw Fault() }
      return .goOn
    }
    #expect(throws: Fault.self) { _ = try workshop.train(recipe, observers: [faulty]) }
    let run = try workshop.store.run(matching: "last")
    #expect(try run.id != whole.runID && workshop.store.checkpoints(ofRun: run.id).isEmpty)
    _ = try workshop.orchestrator.resume(run, in: workshop.store)
    let tensors = try workshop.tensors(whole.runID)
    #expect(try !tensors.isEmpty && workshop.tensors(run.id) == tensors)
  }

  @Test func aLayerMayHoldItAlone() throws {
    let workshop = try Workshop()
    func first(_ model: String, _ initializer: String) throws -> [String: [Float]] {
      try weights(
        workshop,
        recipe(workshop) {
          $0.initializer = initializer
          $0.model = model
        })
    }
    let held = try first("dense(8, initializer: lsuv), relu, dense(3)", "he-normal")
    let plain = try first("dense(8, initializer: orthogonal), relu, dense(3)", "he-normal")
    let all = try first("dense(8), relu, dense(3)", "lsuv")
    #expect(held["0.weight"] == all["0.weight"] && held["2.weight"] == plain["2.weight"])
    let ratios = zip(held["0.weight"] ?? [], plain["0.weight"] ?? []).map { $0 / $1 }
    #expect(ratios.count == 32 && ratios.allSatisfy { abs($0 / ratios[0] - 1) < 1e-5 }, "one factor for all")
    #expect(abs(ratios[0] - 1) > 0.05)
  }

  @Test func moreExamplesThanABatchMayBeLookedAt() throws {
    let workshop = try Workshop()
    let batch = try weights(workshop, recipe(workshop))
    let all = try weights(workshop, recipe(workshop) { $0.initializer = "lsuv(examples: 1000)" })
    #expect(batch["0.weight"] != all["0.weight"])
  }
}
