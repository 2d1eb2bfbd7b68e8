public import Registry
public import Tensors

/// Scores `[batch, classes]`, class indices `[batch]` → `[batch]`.
public struct TopK: MeanMetric {
  public static let name = "top-k"
  public static let summary =
    "1 where the true class is among the k greatest scores, else 0; of equal scores the first count"
  public static let reference = "Russakovsky et al. 2015, ImageNet large scale visual recognition challenge"

  @Parameter("how many scores count", in: 1...) public var k = 5

  public init() {}

  public func callAsFunction(_ prediction: Value, _ target: Value) -> Value {
    ofClasses(prediction, target) {
      let truth = target.oneHot(prediction.shape[1])
      let score = (truth * prediction).sum(over: [1])
      let precedes = prediction.trace.iota(prediction.shape, axis: 1) .< target.reshaped([prediction.shape[0], 1])
      let isAhead = (score .< prediction) + (prediction .== score) * precedes
      return isAhead.sum(over: [1]) .< Double(k)
    }
  }

  public var direction: MetricDirection { .higher }
}
