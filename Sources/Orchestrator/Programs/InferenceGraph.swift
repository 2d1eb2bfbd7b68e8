import Losses
import Tensors

/// What a model says of a batch, in inference.
///
/// Input: `inputs`. Outputs: `outputs`, as the model's last layer gives them, and `prediction`, what the loss makes of
/// them.
struct InferenceGraph {
  let graph: Graph
  let model: ModelTrace
  let meaning: OutputMeaning

  init(_ model: Model, loss: any Loss, inputShape: Shape, batch: Int) throws {
    let trace = Trace()
    let (traced, outputs) = try model(trace.input("inputs", Shape([batch] + inputShape.sizes)), phase: .inference)
    let prediction = loss.prediction(of: outputs, range: model.outputRange)
    trace.output(outputs, as: "outputs")
    trace.output(prediction.values, as: "prediction")
    graph = try trace.finish()
    self.model = traced
    meaning = prediction.meaning
  }
}
