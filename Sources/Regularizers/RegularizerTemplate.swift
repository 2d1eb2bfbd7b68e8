import Registry

extension PluginTemplate {
  static let regularizer = PluginTemplate(
    owner: "Regularizers",
    part: """
      public import Registry
      public import Regularizers
      public import Tensors

      public struct TYPE: Regularizer {
        public static let name = "NAME"
        public static let summary = "rate·Σ(√(w² + width²) − width): like |w| for large weights, smooth at 0"
        public static let reference = "the paper or text that defines it"

        @Parameter("strength", in: 0...) public var rate = 1e-4
        @Parameter("weights below this count as small", in: .above(0)) public var width = 0.1

        public init() {}

        public func callAsFunction(_ parameter: Value) -> Value {
          rate * ((parameter.squared() + width * width).squareRoot() - width).total()
        }
      }
      """,
    testImports: ["Tensors"],
    test: """
        @Test func value() throws {
          let part = try registry().make("NAME(2, width: 3)", as: .regularizer, origin: "test")
          let trace = Trace()
          trace.output(part(trace.input("parameter", [2])), as: "penalty")
          let program = try ReferenceBackend().makeSession(SessionOptions()).compile(trace.finish())
          let penalty = try program.run([Tensor([2]) { [4, 0][$0] }], step: 1)[0].doubles[0]
          #expect(penalty == 4)
        }
      """)
}
