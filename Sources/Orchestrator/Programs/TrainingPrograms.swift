import Observers
import Execution
import Experiments
import Optimizers
import Tensors

/// The compiled steps of a run, with the variables that they share.
final class TrainingPrograms {
  let options: SessionOptions
  let session: any Session
  let summary: ModelSummary
  /// Parameters, statistics and optimizer state, in the order of checkpoints.
  let variables: [Variable]
  private let pipeline: Pipeline
  private let full: any Program
  /// For the last batch of an epoch; nil if it is as large as the others.
  private let last: (any Program)?
  private let batch: Int
  /// Of a step, by the output that gives each.
  private let metrics: [(figure: FigureDeclaration, output: String)]
  private let isLossWeighted: Bool
  private let optimizerStates: [OptimizerState]
  /// Those that initializers may rewrite once they have seen examples.
  let dataDependentWeights: [DataDependentWeights]

  /// Writes every variable's first value, then compiles.
  init(_ pipeline: Pipeline, lastBatch: Int, _ kernels: KernelSelection, isProfiled: Bool = false) throws {
    self.pipeline = pipeline
    let recipe = pipeline.recipe
    batch = recipe.batch
    metrics = pipeline.parts.metrics.stepFigures.dropFirst().map { ($0, metricOutput($0.name)) }
    let graph = try StepGraph(pipeline, batch: batch)
    let lastGraph: StepGraph? = lastBatch == batch ? nil : try Self.lastGraph(pipeline, lastBatch)
    _ = try EvaluationGraph(pipeline.assessed, batch: batch)
    options = recipe.sessionOptions(kernels, isProfiled: isProfiled)
    let session = try pipeline.parts.backend.makeSession(options)
    try graph.checkMemory(session.elementType)
    summary = ModelSummary(graph.model, input: pipeline.preprocessing.outputShape)
    variables = graph.model.variables + graph.optimizerStates.map(\.variable)
    for variable in graph.model.variables {
      guard let initial = graph.model.initialValue(of: variable, seed: recipe.seed) else { continue }
      try session.write(initial, to: variable)
    }
    optimizerStates = graph.optimizerStates
    isLossWeighted = graph.graph.outputs.contains { $0.name == "loss weight" }
    dataDependentWeights = DataDependentWeights.all(in: graph.model, initializer: pipeline.parts.initializer)
    self.session = session
    for state in optimizerStates { try session.write(state.firstTensor(session.read), to: state.variable) }
    full = try graph.namingLayers { try session.compile(graph.graph) }
    last = try lastGraph.map { try session.compile($0.graph) }
  }

  /// The step of a whole batch, as it was traced and as it was planned.
  var graph: Graph { full.graph }
  var plan: PlanSummary { full.plan }
  var kernelSeconds: [Double] { full.kernelSeconds }

  /// Which kernels were chosen.
  var choices: KernelChoices { session.choices }

  /// Tells the optimizer that the parameters begin with other values than their first.
  func parametersChanged() throws {
    for state in optimizerStates where state.firstValue == .parameter {
      try session.write(state.firstTensor(session.read), to: state.variable)
    }
  }

  /// Takes a step; `number` counts from 1.
  func step(_ batch: Batch, rate: Double, number: Int) throws -> StepResult {
    let program = batch.count == self.batch ? full : last ?? full
    let outputs = try program.run(
      named: [
        ("inputs", batch.inputs), ("targets", batch.targets), ("rate", Tensor(rate)),
        ("step", Tensor(Double(number))),
      ], step: UInt64(number))
    return StepResult(
      loss: try outputs["loss"].number, lossWeight: try isLossWeighted ? outputs["loss weight"].number : nil,
      objective: try outputs["objective"].number,
      metrics: try metrics.map { Figure($0.figure, try outputs[$0.output].number) })
  }

  private static func lastGraph(_ pipeline: Pipeline, _ count: Int) throws -> StepGraph {
    do {
      return try StepGraph(pipeline, batch: count)
    } catch let error as ModelError {
      throw OrchestratorError.lastBatch(
        count: count, batch: pipeline.recipe.batch, examples: pipeline.data.train.count, reason: error.description)
    }
  }

  /// Every variable's value, and which of the parameters hold a number that is not finite.
  func read() throws -> (tensors: [StoredTensor], notFinite: [String]) {
    var notFinite: [String] = []
    let tensors = try variables.map { variable in
      let value = try session.read(variable)
      if variable.role.isLearned, !value.isFinite { notFinite.append(variable.name) }
      return StoredTensor(value, named: variable.name)
    }
    return (tensors, notFinite)
  }

  /// Where numbers stopped being finite in a step that was not taken.
  func diagnose(_ batch: Batch, number: Int, epoch: Int, checkpoint: Int?) throws -> OrchestratorError {
    let parameters = try variables.filter(\.role.isLearned).filter { !(try session.read($0).isFinite) }.map(\.name)
    let diagnosis = try DiagnosisGraph(pipeline.assessed, batch: batch.count)
    let outputs = try session.compile(diagnosis.graph).run(
      named: [("inputs", batch.inputs), ("targets", batch.targets)], step: UInt64(number))
    let layer = try diagnosis.layers.first { try !outputs[$0.path].isFinite }.map { "\($0.path), \($0.layer)" }
    return .notFinite(
      OrchestratorError.NotFinite(
        step: number, epoch: epoch, layer: layer, parameters: parameters, isOfUpdate: false,
        inInputs: !batch.inputs.isFinite, checkpoint: checkpoint))
  }
}

/// What a training step computed of its batch.
struct StepResult {
  /// The mean, without penalties.
  let loss: Double
  /// What the examples count in that mean; nil if each counts one.
  let lossWeight: Double?
  /// The loss as it is reduced, with the penalties.
  let objective: Double
  /// The means, in the order of the recipe.
  let metrics: [Figure]
}

extension Tensor {
  /// The only element.
  fileprivate var number: Double {
    switch elements {
    case .float32(let values): values.first.map(Double.init) ?? .nan
    case .float64(let values): values.first ?? .nan
    case .uint8(let values): values.first.map(Double.init) ?? .nan
    case .int32(let values): values.first.map(Double.init) ?? .nan
    }
  }

  /// Whether it holds neither NaN nor an infinity.
  fileprivate var isFinite: Bool {
    switch elements {
    case .float32(let values): values.allSatisfy { $0.isFinite }
    case .float64(let values): values.allSatisfy { $0.isFinite }
    case .uint8, .int32: true
    }
  }
}
