import Registry

extension PluginTemplate {
  static let activation = PluginTemplate(
    owner: "Activations",
    part: """
      public import Activations
      public import Registry
      public import Tensors

      public struct TYPE: Activation {
        public static let name = "NAME"
        public static let summary = "scale·tanh(x): between −scale and scale"
        public static let reference = "the paper or text that defines it"

        @Parameter("greatest output", in: .above(0)) public var scale = 1.0

        public init() {}

        public func callAsFunction(_ x: Value) -> Value { scale * x.tanh() }
      }
      """,
    testImports: ["Tensors"],
    test: """
        @Test("values", arguments: [("NAME", 0.0, 0.0), ("NAME(2)", 1, 1.5231883119115297)])
        func value(_ specification: String, _ x: Double, _ expected: Double) throws {
          let part = try registry().make(specification, as: .activation, origin: "test")
          let trace = Trace()
          let model = ModelTrace(trace, phase: .inference) { shape, _, _ in Tensor(shape) { _ in 0 } }
          trace.output(try part(trace.input("x", [1]), in: Scope(model)), as: "y")
          let program = try ReferenceBackend().makeSession(SessionOptions()).compile(trace.finish())
          let y = try program.run([Tensor([1]) { _ in x }], step: 1)[0].doubles[0]
          #expect(abs(y - expected) < 1e-15, "\\(specification) of \\(x) is \\(y)")
        }
      """)
}
