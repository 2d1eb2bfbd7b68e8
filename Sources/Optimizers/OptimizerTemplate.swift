import Registry

extension PluginTemplate {
  static let optimizer = PluginTemplate(
    owner: "Optimizers",
    part: """
      public import Optimizers
      public import Registry
      public import Tensors

      public struct TYPE: Optimizer {
        public static let name = "NAME"
        public static let summary = "a step against the moving average of the gradients"
        public static let formula = "m ← decay·m + (1 − decay)·g; w ← w − rate·m"
        public static let reference = "the paper or text that defines it"

        @Parameter("learning rate", in: 0...) public var rate = 0.01
        @Parameter("share of the average that is kept", in: 0..<1) public var decay = 0.9

        public init() {}

        public func callAsFunction(_ parameter: Value, gradient: Value, _ update: UpdateScope) -> Value {
          let average = update.state("average") { decay * $0 + (1 - decay) * gradient }
          return parameter - update.rate * average
        }
      }
      """,
    testImports: ["Tensors"],
    test: """
        @Test func firstStep() throws {
          let part = try registry().make("NAME(0.5, decay: 0.75)", as: .optimizer, origin: "test")
          let trace = Trace()
          let variable = Variable(name: "w", shape: [1], role: .weight)
          let update = UpdateScope(
            variable, by: part, rate: trace.input("rate", .scalar), step: trace.input("step", .scalar),
            objective: trace.input("objective", .scalar))
          let next = part(trace.variable(variable), gradient: trace.input("gradient", [1]), update)
          trace.assign(next, to: variable)
          let session = ReferenceBackend().makeSession(SessionOptions())
          try session.write(Tensor([1]) { _ in 3 }, to: variable)
          for state in update.states { try session.write(state.firstTensor { try session.read($0) }, to: state.variable) }
          // A program takes the inputs that some formula reads.
          let graph = try trace.finish()
          let inputs = ["rate": Tensor(part.rate), "gradient": Tensor([1]) { _ in 4 }]
          _ = try session.compile(graph).run(graph.inputs.map { inputs[$0.name] ?? Tensor(1) }, step: 1)
          #expect(try session.read(variable).doubles == [2.5])
        }
      """)
}
