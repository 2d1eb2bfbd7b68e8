import Registry

extension PluginTemplate {
  static let gradientTransform = PluginTemplate(
    owner: "Optimizers",
    part: """
      public import Optimizers
      public import Registry
      public import Tensors

      public struct TYPE: GradientTransform {
        public static let name = "NAME"
        public static let summary = "every gradient divided by its own root mean square"
        public static let reference = "the paper or text that defines it"

        @Parameter("added to the root", in: .above(0)) public var epsilon = 1e-8

        public init() {}

        public func callAsFunction(_ gradients: [ParameterGradient]) -> [Value] {
          gradients.map { $0.value / ($0.value.squared().mean().reshaped(.scalar).squareRoot() + epsilon) }
        }
      }
      """,
    testImports: ["Optimizers", "Tensors"],
    test: """
        @Test func value() throws {
          let part = try registry().make("NAME(1)", as: .gradientTransform, origin: "test")
          let trace = Trace()
          let gradient = trace.input("gradient", [4])
          let weight = Variable(name: "weight", shape: [4], role: .weight)
          trace.output(part([ParameterGradient(of: weight, gradient)])[0], as: "gradient")
          let program = try ReferenceBackend().makeSession(SessionOptions()).compile(trace.finish())
          let changed = try program.run([Tensor([4]) { _ in 3 }], step: 1)[0].doubles
          #expect(changed == [0.75, 0.75, 0.75, 0.75])
        }
      """)
}
