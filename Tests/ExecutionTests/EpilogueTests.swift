import Execution
import Tensors
import Testing

/// What moves into a product, with a library that has a kernel for every epilogue.
@Suite struct EpilogueTests {
  /// The CPU backend's product, and the epilogue after it.
  private struct Finished: Kernel {
    let product: any Kernel
    let node: LibraryNode
    let epilogue: Epilogue

    func scratchCount(threads: Int) -> Int { product.scratchCount(threads: threads) }

    func run(_ memory: Memory) {
      product.run(memory)
      let (result, bias) = (memory[node.result], memory[epilogue.bias])
      let inner = node.shape.sizes.dropFirst(2).reduce(1, *)
      for index in 0..<node.shape.elementCount {
        let sum = result[index] + bias[index / inner % node.shape[1]]
        result[index] = epilogue.isRectified ? max(sum, 0) : sum
      }
    }
  }

  private struct Library: KernelLibrary {
    func prepare(_ graph: Graph) -> Graph { graph }

    func makeKernel(_ node: LibraryNode) -> (any Kernel)? {
      node.epilogue.map { Finished(product: makeLibraryKernel(node), node: node, epilogue: $0) }
    }

    func fuses(_ epilogue: Epilogue, into node: Graph.Node, operandShapes: [Shape]) -> Bool { true }
  }

  private static let bias = Variable(name: "b", shape: [4], role: .bias)

  /// What follows a product [4, 4] or images [2, 4, 5, 5], and the title of the product's step.
  struct Case: CustomTestStringConvertible {
    let name: String
    var isConvolution = false
    let title: String
    let finish: @Sendable (_ product: Value, _ trace: Trace) -> [Value]
    var testDescription: String { name }
  }

  private static func channels(_ trace: Trace) -> Value { trace.variable(bias).reshaped([1, 4, 1, 1]) }

  static let cases = [
    Case(name: "bias and relu", title: "matmul + bias, rectified") { product, trace in
      [max(product + trace.variable(bias), 0)]
    },
    Case(name: "a bias first", title: "matmul + bias") { product, trace in [trace.variable(bias) + product] },
    Case(name: "channels", isConvolution: true, title: "convolution 3×3 padding 1×1 + bias, rectified") {
      [max($0 + channels($1), 0)]
    },
    Case(name: "a sum that is read and kept", title: "matmul") { product, trace in
      let sum = product + trace.variable(bias)
      return [sum, sum.exponential()]
    },
    Case(name: "a product that is read twice", title: "matmul") { product, trace in
      [product + trace.variable(bias), product.matmul(product)]
    },
    Case(name: "a product that is an output", title: "matmul") { product, trace in
      [product, product + trace.variable(bias)]
    },
    Case(name: "a number a row", title: "matmul") { product, trace in
      [product + trace.variable(bias).reshaped([4, 1])]
    },
    Case(name: "a number a column of pixels", isConvolution: true, title: "convolution 3×3 padding 1×1") {
      product, trace in [product + trace.input("columns", [5])]
    },
    Case(name: "no variable", title: "matmul") { product, trace in [product + trace.input("row", [4])] },
    Case(name: "another limit", title: "matmul") { product, trace in [max(product + trace.variable(bias), 0.5)] },
    Case(name: "more work", title: "matmul") { product, trace in [(product + trace.variable(bias)).tanh()] },
    Case(name: "a product of it", title: "matmul") { product, trace in [product * trace.variable(bias)] },
  ]

  @Test(arguments: cases) func whatMovesAndGivesTheSame(_ item: Case) throws {
    let trace = Trace()
    let x = trace.input("x", item.isConvolution ? [2, 3, 5, 5] : [4, 4])
    let product =
      item.isConvolution
      ? x.convolution(trace.input("w", [4, 3, 3, 3]), Window(kernel: .init(3), padding: .init(1)))
      : x.matmul(trace.input("y", [4, 4]))
    for (index, value) in item.finish(product, trace).enumerated() { trace.output(value, as: "\(index)") }
    let graph = try trace.finish()
    var stream = RandomStream(seed: 5, "epilogue")
    func random(_ shape: Shape) -> Tensor {
      Tensor(shape) { _ in stream.uniform(-1, 1) }.converted(to: .float32)
    }
    let (inputs, values) = (graph.inputs.map { random($0.shape) }, graph.variables.map { random($0.shape) })
    func run(_ library: (any KernelLibrary)?) throws -> (outputs: [Tensor], steps: [String]) {
      let session = CPUSession(SessionOptions(), library: library)
      for (variable, value) in zip(graph.variables, values) { try session.write(value, to: variable) }
      let program = try session.compile(graph)
      return (try program.run(inputs, step: 1), program.plan.kernels)
    }
    let (fused, plain) = (try run(Library()), try run(nil))
    #expect(fused.outputs == plain.outputs)
    let isMoved = item.title.contains("bias")
    let title = fused.steps.first?.split(separator: " = ").last?.split(separator: ", OpenBLAS").first
    #expect(title.map(String.init) == item.title, "\(fused.steps)")
    #expect(fused.steps.count == plain.steps.count - (isMoved ? 1 : 0), "\(fused.steps)")
  }
}
