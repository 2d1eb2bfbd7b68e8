import Registry

extension PluginTemplate {
  static let layer = PluginTemplate(
    owner: "Layers",
    part: """
      public import Layers
      public import Registry
      public import Tensors

      /// `[batch, channels, …]`, kept; parameter `weight` `[channels]`.
      public struct TYPE: Layer {
        public static let name = "NAME"
        public static let summary = "each channel times a learned factor"
        public static let formula = "y[c] = w[c]·x[c]"
        public static let reference = "the paper or text that defines it"

        @Parameter("first value of the factors") public var initial = 1.0

        public init() {}

        public func callAsFunction(_ x: Value, in scope: Scope) throws(ModelError) -> Value {
          guard x.shape.rank >= 2 else { throw scope.error("expected [batch, channels, …], got \\(x.shape)") }
          let initial = initial
          let weight = scope.parameter("weight", [x.shape[1]], role: .scale) { shape, _, _ in
            Tensor(shape) { _ in initial }
          }
          return x * weight.alongChannels(ofRank: x.shape.rank)
        }
      }
      """,
    testImports: ["Tensors"],
    test: """
        @Test func multipliesChannels() throws {
          let part = try registry().make("NAME(3)", as: .layer, origin: "test")
          let trace = Trace()
          let model = ModelTrace(trace, phase: .inference) { shape, _, _ in Tensor(shape) { _ in 0 } }
          trace.output(try part(trace.input("x", [1, 2]), in: Scope(model)), as: "y")
          let session = ReferenceBackend().makeSession(SessionOptions())
          for variable in model.variables {
            try session.write(#require(model.initialValue(of: variable, seed: 0)), to: variable)
          }
          let y = try session.compile(trace.finish()).run([Tensor([1, 2]) { [2, -1][$0] }], step: 1)[0].doubles
          #expect(y == [6, -3])
        }

        @Test func refusesScalars() throws {
          let part = try registry().make("NAME", as: .layer, origin: "test")
          let trace = Trace()
          let model = ModelTrace(trace, phase: .inference) { shape, _, _ in Tensor(shape) { _ in 0 } }
          #expect(throws: ModelError.self) { try part(trace.input("x", []), in: Scope(model)) }
        }
      """)
}
