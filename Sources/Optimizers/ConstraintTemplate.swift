import Registry

extension PluginTemplate {
  static let constraint = PluginTemplate(
    owner: "Optimizers",
    part: """
      public import Optimizers
      public import Registry
      public import Tensors

      public struct TYPE: Constraint {
        public static let name = "NAME"
        public static let summary = "every weight brought into −limit…limit"
        public static let reference = "the paper or text that defines it"

        @Parameter("greatest magnitude of a weight", in: .above(0)) public var limit = 1.0

        public init() {}

        public func callAsFunction(_ parameter: Value) -> Value { min(max(parameter, -limit), limit) }
      }
      """,
    testImports: ["Tensors"],
    test: """
        @Test func value() throws {
          let part = try registry().make("NAME(2)", as: .constraint, origin: "test")
          let trace = Trace()
          trace.output(part(trace.input("parameter", [3])), as: "parameter")
          let program = try ReferenceBackend().makeSession(SessionOptions()).compile(trace.finish())
          let weights = try program.run([Tensor([3]) { [-5, 1, 2.5][$0] }], step: 1)[0].doubles
          #expect(weights == [-2, 1, 2])
        }
      """)
}
