import Losses
import Tensors

/// Loss and metrics of a batch, in inference.
///
/// Inputs: `inputs`, `targets` and, for metrics of whole splits, `weights` `[batch]`. Outputs: `loss` `[batch]`, each
/// example's times what it counts; `loss weights` `[batch]`, what they count, if the loss weighs examples; and
/// `metric NAME`, which is `[batch]` for a mean over examples and else the metric's sums.
struct EvaluationGraph {
  let graph: Graph
  let model: ModelTrace

  init(_ assessed: AssessedModel, batch: Int) throws {
    let trace = Trace()
    let forward = try ForwardPass(assessed, trace, batch: batch, phase: .inference)
    trace.output(forward.losses.values, as: "loss")
    if let weights = forward.losses.weights { trace.output(weights, as: "loss weights") }
    for (name, values) in forward.means + forward.sums { trace.output(values, as: metricOutput(name)) }
    graph = try trace.finish()
    model = forward.model
  }
}

/// The outputs of every layer of a training step, to find where numbers stop being finite.
struct DiagnosisGraph {
  let graph: Graph
  /// In order. The path names the layer's output.
  let layers: [(path: String, layer: String)]

  init(_ assessed: AssessedModel, batch: Int) throws {
    let trace = Trace()
    let forward = try ForwardPass(assessed, trace, batch: batch, phase: .training)
    for layer in forward.model.layers { trace.output(layer.output, as: layer.path) }
    // Running statistics must stay as they are: the step is not taken.
    trace.guardAssignments(by: forward.losses.mean)
    graph = try trace.finish()
    layers = forward.model.layers.map { ($0.path, $0.layer) }
  }
}
