import Execution
import Tensors
import Testing

/// The pass that takes maxima before what keeps their order.
struct PoolingFirstTests {
  private let window = Window(kernel: .init(2), stride: .init(2))

  private func pooled(_ build: (Value, Value) -> Value) throws -> Graph {
    try traced { trace in
      let (x, b) = (trace.input("x", [2, 3, 8, 8]), trace.input("b", [3, 1, 1]))
      trace.output(build(x, b).maxPool(window), as: "y")
    }
  }

  private func operations(_ graph: Graph) -> [String] {
    graph.nodes.compactMap { node in
      switch node.operation {
      case .maxPool: "pool"
      case .binary(let binary): binary.rawValue
      case .unary(let unary): unary.rawValue
      default: nil
      }
    }
  }

  @Test("maxima are taken before what keeps their order")
  func forward() throws {
    func operations(_ build: (Value, Value) -> Value) throws -> [String] {
      let graph = try pooled(build)
      try expectSame(graph, graph.poolingFirst()) { $0.uniform(-1, 1) }
      return self.operations(graph.poolingFirst())
    }
    #expect(try operations { max($0 + $1, 0) } == ["pool", "add", "maximum"])
    #expect(try operations { ($1 + $0 - 1).tanh() } == ["pool", "add", "subtract", "tanh"])
    // Turned around, differently for each pixel, or by a factor whose sign nobody knows: as written.
    #expect(try operations { x, b in b - x } == ["subtract", "pool"])
    #expect(try operations { x, _ in x + x.squared() } == ["multiply", "add", "pool"])
    #expect(try operations { x, b in x * b } == ["multiply", "pool"])
    #expect(try operations { x, _ in -x } == ["negate", "pool"])
  }

  /// Of 2 to 4, where each of these has a value; the sine falls there, the cosine falls and rises.
  @Test("no function of pixels gets other maxima", arguments: Operation.Unary.allCases)
  func unary(_ unary: Operation.Unary) throws {
    let graph = try traced { trace in
      let x = trace.input("x", [2, 3, 8, 8])
      trace.output(trace.insert(.unary(unary), [x.id], x.shape).maxPool(window), as: "y")
    }
    try expectSame(graph, graph.poolingFirst()) { $0.uniform(2, 4) }
  }

  @Test("a step of relu and bias does nothing to pixels that did not win, forward and backward")
  func backward() throws {
    let before = try traced { trace in
      let (x, b, g) = (trace.input("x", [1, 2, 4, 4]), trace.input("b", [2, 1, 1]), trace.input("g", [1, 2, 2, 2]))
      let loss = (max(x + b, 0).maxPool(window) * g).total()
      trace.output(loss, as: "loss")
      for gradient in try trace.gradients(of: loss, withRespectTo: [x, b]) { trace.output(gradient, as: "gradient") }
    }
    let after = try before.lowered().simplified(leastElements: 16)
    #expect(
      after.description == """
        %0 [1, 2, 4, 4] = input x
        %1 [2, 1, 1] = input b
        %2 [1, 2, 2, 2] = input g
        %3 [] = constant 0.0
        %4 [1, 2, 2, 2] = max-pool 2×2 stride 2×2(%0)
        %5 [1, 2, 2, 2] = broadcast(%1)
        %6 [1, 2, 2, 2] = add(%4, %5)
        %7 [1, 2, 2, 2] = broadcast(%3)
        %8 [1, 2, 2, 2] = maximum(%6, %7)
        %9 [1, 2, 2, 2] = multiply(%2, %8)
        %10 [1, 1, 1, 1] = sum over [1, 2, 3](%9)
        %11 [] = reshape(%10)
        %12 [1, 2, 2, 2] = less(%7, %8)
        %13 [1, 2, 2, 2] = select(%12, %2, %7)
        %14 [1, 2, 4, 4] = max-pool-gradient 2×2 stride 2×2(%13, %0)
        %15 [1, 2, 1, 1] = sum over [2, 3](%13)
        %16 [2, 1, 1] = reshape(%15)
        return loss: %11
        return gradient: %14
        return gradient: %16
        """)
    try expectSame(before, after, within: 1e-12) { $0.uniform(-1, 1) }
  }

  @Test(
    "factors that are no function of what is pooled stay with all pixels: numbers a channel have passes of their own")
  func otherFactors() throws {
    let before = try traced { trace in
      let (x, mask) = (trace.input("x", [1, 2, 4, 4]), trace.input("mask", [1, 2, 4, 4]))
      let loss = (max(x, 0) * mask * trace.input("scale", [2, 1, 1])).maxPool(window).total()
      for gradient in try trace.gradients(of: loss, withRespectTo: [x]) { trace.output(gradient, as: "gradient") }
    }
    let after = before.poolingFirst()
    #expect(operations(after) == operations(before), "\(after)")
    try expectSame(before, after)
  }
}
