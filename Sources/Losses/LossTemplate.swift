import Registry

extension PluginTemplate {
  static let loss = PluginTemplate(
    owner: "Losses",
    part: """
      public import Losses
      public import Registry
      public import Tensors

      /// Predictions and targets `[batch, outputs…]` → `[batch]`.
      public struct TYPE: Loss {
        public static let name = "NAME"
        public static let summary = "quadratic for small errors, linear for large ones; the mean over outputs"
        public static let formula = "delta²·(√(1 + ((z − y)/delta)²) − 1)"
        public static let reference = "the paper or text that defines it"

        @Parameter("error at which the loss becomes linear", in: .above(0)) public var delta = 1.0

        public init() {}

        public func callAsFunction(_ prediction: Value, _ target: Value) -> Value {
          guard let batch = prediction.shape.sizes.first, prediction.shape == target.shape else {
            prediction.trace.report(
              ShapeError(
                "loss \\(Self.name) takes targets of the prediction's shape: the prediction is \\(prediction.shape), "
                  + "the target \\(target.shape)"))
            return prediction.trace.constant(0).broadcast(to: [prediction.shape.sizes.first ?? 1])
          }
          let error = (prediction - target) / delta
          let loss = ((1 + error.squared()).squareRoot() - 1) * (delta * delta)
          return loss.mean(over: Array(loss.shape.sizes.indices.dropFirst())).reshaped([batch])
        }
      }
      """,
    testImports: ["Tensors"],
    test: """
        @Test func values() throws {
          let part = try registry().make("NAME", as: .loss, origin: "test")
          let trace = Trace()
          trace.output(part(trace.input("prediction", [2, 1]), trace.input("target", [2, 1])), as: "loss")
          let program = try ReferenceBackend().makeSession(SessionOptions()).compile(trace.finish())
          let prediction = Tensor([2, 1]) { [3, 1][$0] }
          let target = Tensor([2, 1]) { [3, 1 - 0.75][$0] }
          let losses = try program.run([prediction, target], step: 1)[0].doubles
          #expect(losses == [0, 0.25])
        }
      """)
}
