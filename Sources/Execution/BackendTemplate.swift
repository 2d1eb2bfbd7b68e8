import Registry

extension PluginTemplate {
  static let backend = PluginTemplate(
    owner: "Execution",
    part: """
      public import Execution
      import Registry
      import Tensors

      /// Runs a graph node by node: by a loop below where there is one, by the CPU backend's kernels where not.
      public struct TYPE: Backend {
        public static let name = "NAME"
        public static let summary = "one node after the other, some of them by loops of its own"
        public static let reference = "the paper or text that defines it"

        public init() {}

        public func makeSession(_ options: SessionOptions) -> any Session {
          NodeSession(cpu: CPUBackend().makeSession(options))
        }
      }

      /// What this backend computes itself: add a case for each primitive that it does better.
      private func loop(for operation: Tensors.Operation) -> (([[Float]]) -> [Float])? {
        switch operation {
        case .unary(let unary): { operands in operands[0].map { Float(unary.result(Double($0))) } }
        default: nil
        }
      }

      private final class NodeSession: Session {
        let elementType = ElementType.float32
        private let cpu: any Session
        private var values: [String: Tensor] = [:]

        init(cpu: any Session) { self.cpu = cpu }

        func write(_ tensor: Tensor, to variable: Variable) throws(ExecutionError) {
          guard tensor.shape == variable.shape else {
            throw .wrongVariableShape(name: variable.name, expected: variable.shape, found: tensor.shape)
          }
          values[variable.name] = tensor.converted(to: elementType)
        }

        func read(_ variable: Variable) throws(ExecutionError) -> Tensor {
          guard let value = values[variable.name] else { throw .unknownVariable(name: variable.name) }
          return value
        }

        func compile(_ graph: Graph) throws -> any Program {
          try graph.verify(after: "compilation for NAME")
          for variable in graph.variables { _ = try read(variable) }
          var programs: [Graph.ID: any Program] = [:]
          for (id, node) in graph.nodes.enumerated() where loop(for: node.operation) == nil {
            switch node.operation {
            case .input, .variable, .assign: break
            default: programs[id] = try cpu.compile(graph.isolating(id))
            }
          }
          return NodeProgram(graph, self, programs)
        }
      }

      private final class NodeProgram: Program {
        let graph: Graph
        private let session: NodeSession
        /// The programs of the nodes that the CPU backend computes.
        private let programs: [Graph.ID: any Program]

        init(_ graph: Graph, _ session: NodeSession, _ programs: [Graph.ID: any Program]) {
          self.graph = graph
          self.session = session
          self.programs = programs
        }

        var plan: PlanSummary {
          let bytes = graph.nodes.reduce(0) { $0 + $1.shape.elementCount * session.elementType.size }
          return PlanSummary(kernels: graph.nodes.indices.map(graph.line), arenaBytes: bytes, unsharedBytes: bytes)
        }

        func run(_ inputs: [Tensor], step: UInt64) throws(ExecutionError) -> [Tensor] {
          try graph.check(inputs: inputs)
          var results: [Tensor] = []
          for (id, node) in graph.nodes.enumerated() {
            let operands = node.operands.map { results[$0] }
            switch node.operation {
            case .input(let index): results.append(inputs[index].converted(to: session.elementType))
            case .variable(let index): results.append(try session.read(graph.variables[index]))
            case .assign: results.append(operands[0])
            default: results.append(try result(id, operands, step))
            }
          }
          // A step whose guard is not finite changes no variable.
          if graph.guardNode.map({ results[$0].floats.allSatisfy(\\.isFinite) }) ?? true {
            for id in graph.assignments {
              if case .assign(let index) = graph[id].operation {
                try session.write(results[id], to: graph.variables[index])
              }
            }
          }
          return graph.outputs.map { results[$0.node] }
        }

        private func result(_ id: Graph.ID, _ operands: [Tensor], _ step: UInt64) throws(ExecutionError) -> Tensor {
          if let program = programs[id] { return try program.run(operands, step: step)[0] }
          let node = graph[id]
          guard let elements = loop(for: node.operation)?(operands.map(\\.floats)),
            let result = Tensor(node.shape, .float32(elements))
          else {
            throw .kernelFailed(kernel: node.operation.title, reason: "its loop does not fill \\(node.shape)")
          }
          return result
        }
      }
      """,
    testImports: ["Tensors"],
    test: """
        @Test func steps() throws {
          let trace = Trace()
          let weight = Variable(name: "weight", shape: [2], role: .weight)
          trace.output(-trace.variable(weight) * trace.input("x", [2]), as: "product")
          trace.assign(trace.variable(weight) + 1, to: weight)
          let session = try registry().make("NAME", as: .backend, origin: "test").makeSession(SessionOptions())
          try session.write(Tensor([2]) { Double($0) }, to: weight)
          let program = try session.compile(trace.finish())
          let x = Tensor([2]) { _ in 3 }
          #expect(try program.run([x], step: 1)[0].doubles == [0, -3])
          #expect(try program.run([x], step: 2)[0].doubles == [-3, -6])
        }
      """)
}
