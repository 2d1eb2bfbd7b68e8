import Execution
import Tensors
import Testing

/// What a trace holds as it was written, the reference backend runs; passes remove what does nothing.
struct LiteralTraceTests {
  @Test("the reference backend runs every node that was traced")
  func reference() throws {
    let graph = try traced { trace in
      let x = trace.input("x", [3])
      trace.output((0 - x.reshaped([3]) * 1 + 0).detached(), as: "y")
    }
    let program = try backend("reference").makeSession(SessionOptions()).compile(graph)
    #expect(program.graph.nodes == graph.nodes)
    #expect(program.plan.kernels == graph.nodes.indices.map(graph.line))
    #expect(try program.run([Tensor([3]) { Double($0) }], step: 1)[0].doubles == [0, -1, -2])
  }

  @Test("neutral elements, sums over axes of size one and squares")
  func neutralElements() throws {
    let before = try traced { trace in
      let (x, y) = (trace.input("x", [4, 1]), trace.input("y", [4, 1, 3]))
      trace.output(0 + (x + 0) - 0, as: "x")
      trace.output(x.maximum(over: [1]).sum(over: [1]), as: "x again")
      trace.output(0 - x, as: "negative")
      trace.output(x.raised(to: 2), as: "square")
      trace.output(y.sum(over: [0, 1]), as: "sum over the long axis")
    }
    let after = before.removingNeutralElements()
    #expect(
      after.description == """
        %0 [4, 1] = input x
        %1 [4, 1, 3] = input y
        %2 [4, 1] = negate(%0)
        %3 [4, 1] = multiply(%0, %0)
        %4 [1, 1, 3] = sum over [0](%1)
        return x: %0
        return x again: %0
        return negative: %2
        return square: %3
        return sum over the long axis: %4
        """)
    try expectSame(before, after, within: 1e-15)
    let special = [0.0, -0.0, 1, .infinity, -.infinity, .nan]
    try expectSame(before, after) { special[$0.index(below: special.count)] }
  }

  @Test("what a formula writes and does not need takes no node of a plan")
  func nothingLeft() throws {
    let simplified = try traced { trace in
      let x = trace.input("x", [3])
      let values = [
        x + 0, 0 + x, x - 0, x * 1, 1 * x, x / 1, x.raised(to: 1), x.reshaped([3, 1]).reshaped([3]),
        x.padded(low: [0], high: [0]), x.transposed([0]), x.broadcast(to: [3]), -(0 - x), -(x * -1), x.detached(),
        x.reshaped([3, 1]).mean(over: [1]).reshaped([3]), x * (trace.constant(4).squareRoot() - 1),
      ]
      for (index, value) in values.enumerated() { trace.output(value, as: "\(index)") }
    }.lowered().simplified()
    #expect(simplified.nodes.count == 1 && simplified.outputs.allSatisfy { $0.node == 0 }, "\(simplified)")
  }

  /// Prepares graphs by leaving a node in them that no loop and no kernel computes.
  private struct Library: KernelLibrary {
    let survivor: Tensors.Operation

    func prepare(_ graph: Graph) -> Graph {
      var prepared = graph
      prepared.nodes = graph.nodes.map { node in
        guard case .unary(.tanh) = node.operation else { return node }
        let count = if case .normalize = survivor { 3 } else { 1 }
        return Graph.Node(
          operation: survivor, operands: Array(repeating: node.operands[0], count: count), shape: node.shape)
      }
      return prepared
    }

    func makeKernel(_ node: LibraryNode) -> (any Kernel)? { nil }
  }

  @Test(
    "a node that survives lowering is refused",
    arguments: [Tensors.Operation.detach, .normalize(axes: [0], epsilon: 0)])
  func survivors(_ survivor: Tensors.Operation) throws {
    let graph = try traced { $0.output($0.input("x", [1, 3]).tanh(), as: "y") }
    let session = CPUSession(SessionOptions(), library: Library(survivor: survivor))
    let error = #expect(throws: VerificationError.self) { try session.compile(graph) }
    #expect(error?.description.contains("no planned graph has such a node") == true, "\(error?.description ?? "")")
  }

  /// Every pass before the order of steps, by name.
  enum Pass: String, CaseIterable {
    case lowering, equalNodes, constants, neutralElements, moves, pooling, broadcasts, factors, sums, all

    func callAsFunction(_ graph: Graph) throws -> Graph {
      let least = 16
      return switch self {
      case .lowering: try graph.lowered()
      case .equalNodes: graph.mergingEqualNodes()
      case .constants: graph.foldingConstants()
      case .neutralElements: graph.removingNeutralElements()
      case .moves: graph.foldingMoves()
      case .pooling: graph.poolingFirst()
      case .broadcasts: graph.sinkingBroadcasts(leastElements: least)
      case .factors: graph.mergingFactors(leastElements: least)
      case .sums: graph.hoistingFactors(leastElements: least)
      case .all: try graph.lowered().simplified(leastElements: least)
      }
    }
  }

  @Test("each pass keeps what random programs compute", arguments: Pass.allCases, 0..<12)
  func randomPrograms(_ pass: Pass, seed: Int) throws {
    for graph in [try RandomGraph(seed: UInt64(seed), rows: 5).graph, try randomImages(seed: seed)] {
      let after = try pass(graph)
      try after.verify(after: pass.rawValue)
      try expectSame(graph, after, within: 1e-9) { $0.uniform(-1, 1) }
    }
  }

  /// Images through steps that keep the order of pixels and others, and pools, with gradients; written with much that does
  /// nothing.
  private func randomImages(seed: Int) throws -> Graph {
    var stream = RandomStream(seed: UInt64(seed), "images")
    return try traced { trace in
      let images = trace.input("images", [2, 3, 6, 6])
      let numbers = [trace.input("b", [3, 1, 1]), trace.input("c", [1, 3, 1, 1]), trace.input("d", .scalar)]
      var x = images
      for _ in 0..<7 {
        let number = numbers[stream.index(below: 3)]
        switch stream.index(below: 11) {
        case 0: x = x + number
        case 1: x = number + x - 0
        case 2: x = x - number
        case 3: x = number - x
        case 4: x = max(x * 1, 0)
        case 5: x = min(x, 0.5) + 0
        case 6: x = x.tanh()
        case 7: x = (0 - x).sigmoid()
        case 8: x = x * number
        case 9: x = x.reshaped(x.shape).raised(to: 2)
        default:
          let side = x.shape[2]
          let window = [
            Window(kernel: .init(2), stride: .init(2)), Window(kernel: .init(3), stride: .init(2), padding: .init(1)),
          ][stream.index(below: 2)]
          if side > 2 { x = x.maxPool(window) }
        }
      }
      if x.shape[2] > 2 { x = max(x + numbers[0], 0).maxPool(Window(kernel: .init(2))) }
      trace.output(x, as: "y")
      let loss = (x * (trace.iota(x.shape, axis: 1) + 1)).total()
      let targets = [images] + numbers
      for (index, gradient) in try trace.gradients(of: loss, withRespectTo: targets).enumerated() {
        trace.output(gradient, as: "gradient \(index)")
      }
    }
  }
}
