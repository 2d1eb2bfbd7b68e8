import Execution
import Tensors
import Testing

/// What moves into a product, with a library that takes every epilogue: the CPU backend's kernels finish it afterwards.
@Suite struct EpilogueTests {
  private struct Library: KernelLibrary {
    func prepare(_ graph: Graph) -> Graph { graph }

    func makeKernel(_ node: LibraryNode) -> (any Kernel)? { nil }

    func fuses(_ epilogue: Epilogue, into node: Graph.Node, operands: [StoredShape]) -> Bool { true }
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
    Case(name: "a residual sum", title: "matmul + sum") { product, trace in [product + trace.input("s", [4, 4])] },
    Case(
      name: "all in turn", isConvolution: true, title: "convolution 3×3 padding 1×1 + bias + sum, rectified"
    ) { product, trace in [max(trace.input("s", [2, 4, 5, 5]) + (product + channels(trace)), 0)] },
    Case(name: "sigmoid", title: "matmul + bias, sigmoid") { product, trace in
      [(product + trace.variable(bias)).sigmoid()]
    },
    Case(name: "tanh alone", title: "matmul, tanh") { product, trace in [product.tanh()] },
    Case(name: "two products", title: "matmul; matmul ᵀ + sum, rectified") { product, trace in
      [max(product + trace.input("z", [4, 4]).matmul(trace.input("u", [4, 4]), transposeFirst: true), 0)]
    },
    Case(name: "two sums", title: "matmul") { product, trace in
      [product + trace.input("s", [4, 4]) + trace.input("t", [4, 4])]
    },
    Case(name: "work after relu", title: "matmul") { product, trace in [max(product, 0) + trace.input("s", [4, 4])] },
    Case(name: "a sum that is read and kept", title: "matmul") { product, trace in
      let sum = product + trace.variable(bias)
      return [sum, sum.exponential()]
    },
    Case(name: "a product that is read twice", title: "matmul; matmul") { product, trace in
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
    Case(name: "more work", title: "matmul") { product, trace in [(product + trace.variable(bias)).exponential()] },
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
    let isMoved = item.title.contains("+") || item.title.contains(",")
    let titles = fused.steps.filter { $0.contains("OpenBLAS") }.compactMap { step in
      step.split(separator: " = ").last?.split(separator: ", OpenBLAS").first
    }
    #expect(titles.joined(separator: "; ") == item.title, "\(fused.steps)")
    #expect(fused.steps.count == plain.steps.count - (isMoved ? 1 : 0), "\(fused.steps)")
  }
}
