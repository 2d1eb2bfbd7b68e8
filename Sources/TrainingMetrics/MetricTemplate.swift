import Registry

extension PluginTemplate {
  static let metric = PluginTemplate(
    owner: "TrainingMetrics",
    part: """
      public import Registry
      public import Tensors
      public import TrainingMetrics

      /// Predictions and targets `[batch, outputs…]` → `[batch]`.
      public struct TYPE: MeanMetric {
        public static let name = "NAME"
        public static let summary = "the part of an example's outputs that are as close to the target as allowed"
        public static let reference = "the paper or text that defines it"

        @Parameter("greatest error that counts as close", in: .above(0)) public var tolerance = 0.1

        public init() {}

        public func callAsFunction(_ prediction: Value, _ target: Value) -> Value {
          guard let batch = prediction.shape.sizes.first, prediction.shape == target.shape else {
            prediction.trace.report(
              ShapeError(
                "metric \\(Self.name) takes targets of the prediction's shape: the prediction is \\(prediction.shape), "
                  + "the target \\(target.shape)"))
            return prediction.trace.constant(0).broadcast(to: [prediction.shape.sizes.first ?? 1])
          }
          let isClose = (prediction - target).absolute() .< tolerance
          return isClose.mean(over: Array(isClose.shape.sizes.indices.dropFirst())).reshaped([batch])
        }

        public var direction: MetricDirection { .higher }
      }
      """,
    testImports: ["Tensors"],
    test: """
        @Test func countsCloseOutputs() throws {
          let part = try #require(registry().make("NAME(0.5)", as: .metric, origin: "test") as? any MeanMetric)
          let trace = Trace()
          trace.output(part(trace.input("prediction", [1, 4]), trace.input("target", [1, 4])), as: "metric")
          let program = try ReferenceBackend().makeSession(SessionOptions()).compile(trace.finish())
          let prediction = Tensor([1, 4]) { [0, 0.25, 1, -3][$0] }
          let values = try program.run([prediction, Tensor([1, 4]) { _ in 0 }], step: 1)[0].doubles
          #expect(values == [0.5])
        }
      """)
}
