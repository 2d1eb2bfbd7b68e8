import Losses
import Optimizers
import Regularizers
import Tensors
import TrainingMetrics

/// One training step as a graph: forward, loss, penalties, gradients, updates and figures together.
///
/// Inputs: `inputs` `[batch, …]`, `targets`, and the scalars `rate` and `step`. Outputs: the mean `loss`, the `objective`
/// (the loss as it is reduced, with the penalties), `metric NAME`, the mean of each metric, and `loss weight`, what the
/// batch counts in the mean of the loss, if the loss weighs examples.
struct StepGraph {
  let graph: Graph
  let model: ModelTrace
  let optimizerStates: [OptimizerState]

  init(_ pipeline: Pipeline, batch: Int) throws {
    let trace = Trace()
    let parts = pipeline.parts
    let forward = try ForwardPass(pipeline.assessed, trace, batch: batch, phase: .training)
    let rate = trace.input("rate", .scalar)
    let step = trace.input("step", .scalar)
    let learned = forward.model.variables.filter(\.role.isLearned)
    guard !learned.isEmpty else { throw OrchestratorError.noParameters }

    var objective = forward.losses.reduced(by: parts.loss.reduction)
    for regularizer in parts.regularizer {
      for variable in learned where variable.role == .weight {
        objective = objective + regularizer(trace.variable(variable))
      }
    }
    try trace.check()
    let raw = try trace.gradients(of: objective, withRespectTo: learned.map(trace.variable))
    let gradients = parts.gradients.reduce(raw) { gradients, transform in
      transform(zip(learned, gradients).map { ParameterGradient(of: $0, $1) })
    }
    var states: [OptimizerState] = []
    for (variable, gradient) in zip(learned, gradients) {
      let update = UpdateScope(
        variable, by: parts.optimizer, rate: rate, step: step, objective: objective,
        isOfLastLayer: forward.model.isOfLastLayer(variable))
      let moved = parts.optimizer(trace.variable(variable), gradient: gradient, update)
      let allowed = variable.role == .weight ? parts.constraints.reduce(moved) { $1($0) } : moved
      trace.assign(allowed, to: variable)
      try trace.check()
      states += update.states
    }
    trace.output(forward.losses.mean, as: "loss")
    trace.output(objective, as: "objective")
    for (name, values) in forward.means {
      trace.output(values.mean(over: [0]).reshaped(.scalar), as: metricOutput(name))
    }
    if let weight = forward.losses.weightSum { trace.output(weight, as: "loss weight") }
    trace.guardAssignments(by: objective)
    graph = try trace.finish()
    model = forward.model
    optimizerStates = states
  }
}

/// What the output of a metric is called, so that no metric's name is that of another output.
func metricOutput(_ name: String) -> String { "metric \(name)" }

/// The part that training and evaluation share: prediction, loss and metrics.
struct ForwardPass {
  let model: ModelTrace
  let prediction: Value
  let losses: ExampleLosses
  /// Of each metric that is a mean over examples, `[batch]`.
  let means: [(name: String, values: Value)]
  /// Of each metric of whole splits; none in training.
  let sums: [(name: String, values: Value)]

  init(_ assessed: AssessedModel, _ trace: Trace, batch: Int, phase: Scope.Phase) throws {
    let examples = assessed.training
    let x = trace.input("inputs", Shape([batch] + assessed.preprocessing.outputShape.sizes))
    let target = trace.input("targets", Shape([batch] + examples.targets.shape.sizes.dropFirst()))
    (model, prediction) = try assessed.model(x, phase: phase)
    if let classes = examples.classNames?.count, prediction.shape.rank == 2, prediction.shape[1] != classes {
      throw OrchestratorError.wrongOutputs(outputs: prediction.shape[1], classes: classes)
    }
    losses = assessed.loss.losses(of: prediction, target, LossContext(classCounts: examples.classCounts))
    try trace.check()
    func checked(_ values: Value) throws -> Value {
      try trace.check()
      return values
    }
    let prediction = prediction
    means = try assessed.metrics.means.map { ($0.name, try checked($0.metric(prediction, target))) }
    let splitMetrics = phase == .training ? [] : assessed.metrics.ofSplits
    let weights = splitMetrics.isEmpty ? nil : trace.input("weights", [batch])
    sums = try splitMetrics.compactMap { name, metric in
      try weights.map { (name, try checked(metric.sums(prediction, target, weights: $0))) }
    }
  }
}
