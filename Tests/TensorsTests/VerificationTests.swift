// Nothing public makes an illegal graph: the verifier guards against mistakes in passes.
import Tensors
import Testing

@Suite struct VerificationTests {
  private static func node(
    _ operation: Tensors.Operation, _ operands: [Int], _ shape: Shape, _ layout: Layout = .rowMajor
  ) -> Graph.Node {
    Graph.Node(operation: operation, operands: operands, shape: shape, layout: layout)
  }

  /// A legal graph: y = tanh(x) of an input [2], and an assignment of a variable [2].
  private static func legal() -> Graph {
    var graph = Graph()
    graph.inputs = [Graph.Input(name: "x", shape: [2])]
    graph.variables = [Variable(name: "v", shape: [2], role: .weight)]
    graph.nodes = [
      node(.input(0), [], [2]), node(.unary(.tanh), [0], [2]), node(.assign(0), [1], [2]),
      node(.reduce(.sum, axes: [0]), [1], [1]), node(.reshape, [3], []),
    ]
    graph.outputs = [Graph.Output(name: "y", node: 1)]
    graph.guardNode = 4
    return graph
  }

  @Test func aLegalGraphPasses() throws {
    try Self.legal().verify(after: "tracing")
    try Graph().verify(after: "tracing")
  }

  @Test(
    "an illegal graph is refused with the pass, the node and where it comes from",
    arguments: [
      ("a later operand", "after fusing: %1 [2] = tanh(%2): uses a node that does not come before it"),
      ("itself", "%1 [2] = tanh(%1): uses a node that does not come before it"),
      ("a negative operand", "uses a node that does not come before it"),
      ("a wrong shape", "%1 [3] = tanh(%0): should have shape [2]\n  from %0 [2] = input x"),
      ("a wrong count", "add takes 2...2 operands, got 1"),
      ("an input that is not declared", "%0 [2] = input 5: is no declared input"),
      ("an input of another shape", "%0 [3] = input x: is no declared input"),
      ("a variable that is not declared", "is no declared variable"),
      ("an output that is no node", "after fusing: output 'y' is no node"),
      ("a guard that is no node", "after fusing: the guard is not a scalar"),
      ("a guard that is no scalar", "after fusing: the guard is not a scalar"),
    ])
  func refuses(_ fault: String, _ message: String) {
    var graph = Self.legal()
    switch fault {
    case "a later operand": graph.nodes[1] = Self.node(.unary(.tanh), [2], [2])
    case "itself": graph.nodes[1] = Self.node(.unary(.tanh), [1], [2])
    case "a negative operand": graph.nodes[1] = Self.node(.unary(.tanh), [-1], [2])
    case "a wrong shape": graph.nodes[1] = Self.node(.unary(.tanh), [0], [3])
    case "a wrong count": graph.nodes[1] = Self.node(.binary(.add), [0], [2])
    case "an input that is not declared": graph.nodes[0] = Self.node(.input(5), [], [2])
    case "an input of another shape": graph.nodes[0] = Self.node(.input(0), [], [3])
    case "a variable that is not declared": graph.nodes[2] = Self.node(.assign(-1), [1], [2])
    case "an output that is no node": graph.outputs = [Graph.Output(name: "y", node: 5)]
    case "a guard that is no node": graph.guardNode = 9
    default: graph.guardNode = 1
    }
    let error = #expect(throws: VerificationError.self, "\(fault)") { try graph.verify(after: "fusing") }
    #expect(error?.description.contains(message) == true, "\(fault): \(error?.description ?? "")")
  }

  // MARK: - Stages

  /// Images [1, 4, 2, 2], moments, filters and a row; then the nodes under test.
  private static func graph(_ nodes: [Graph.Node]) -> Graph {
    var graph = Graph()
    let shapes: [Shape] = [[1, 4, 2, 2], [1, 4, 1, 1], [4, 4, 1, 1], [1, 1, 2, 2]]
    graph.inputs = shapes.enumerated().map { Graph.Input(name: "x\($0)", shape: $1) }
    graph.nodes = shapes.enumerated().map { node(.input($0), [], $1) } + nodes
    graph.outputs = [Graph.Output(name: "y", node: 0)]
    return graph
  }

  private static let images: Shape = [1, 4, 2, 2]
  private static let blocks = Layout.channelBlocks(2)
  private static let toBlocks = node(.relayout, [0], images, blocks)

  /// What is legal at which stages.
  private static let stages: [(name: String, nodes: [Graph.Node], legal: Set<Graph.Stage>)] = [
    ("a primitive", [node(.unary(.tanh), [0], images)], [.traced, .lowered, .planned]),
    ("normalize", [node(.normalize(axes: [0, 2, 3], epsilon: 0), [0, 1, 1], images)], [.traced]),
    ("detach", [node(.detach, [0], images)], [.traced]),
    ("a copy", [node(.relayout, [0], images)], [.planned]),
    ("another layout", [toBlocks], [.planned]),
    ("elementwise in blocks", [toBlocks, node(.binary(.add), [4, 4], images, blocks)], [.planned]),
    ("a number a channel", [node(.broadcast, [1], images, blocks)], [.planned]),
    (
      "a convolution into blocks", [node(.convolution(Window(kernel: .init(1))), [0, 2], images, blocks)], [.planned]
    ),
    ("a sum over pixels", [toBlocks, node(.reduce(.sum, axes: [2, 3]), [4], [1, 4, 1, 1])], [.planned]),
    ("two layouts added", [toBlocks, node(.binary(.add), [0, 4], images)], []),
    ("a result in another layout", [node(.unary(.tanh), [0], images, blocks)], []),
    ("a sum over channels in blocks", [toBlocks, node(.reduce(.sum, axes: [1]), [4], [1, 1, 2, 2])], []),
    ("a reshape of blocks", [toBlocks, node(.reshape, [4], [16])], []),
    (
      "a slice of channels in blocks",
      [toBlocks, node(.slice(starts: [0, 1, 0, 0], strides: [1, 1, 1, 1]), [4], [1, 2, 2, 2], blocks)], []
    ),
    ("channels that make no block", [node(.relayout, [3], [1, 1, 2, 2], blocks)], []),
    ("blocks of two sizes", [toBlocks, node(.relayout, [4], images, .channelBlocks(4))], []),
    ("blocks of nothing", [node(.relayout, [0], images, .channelBlocks(0))], []),
  ]

  @Test("each stage has its own table", arguments: stages.indices)
  func stageTables(_ index: Int) {
    let (name, nodes, legal) = Self.stages[index]
    let graph = Self.graph(nodes)
    for stage in Graph.Stage.allCases {
      let isLegal = (try? graph.verify(as: stage, after: "a pass")) != nil
      #expect(isLegal == legal.contains(stage), "\(name), \(stage)")
    }
    // Whatever is legal at a stage is legal where stages do not matter.
    #expect(((try? graph.verify(after: "a pass")) != nil) == !legal.isEmpty, "\(name)")
  }

  @Test func whatLoweringShouldHaveWrittenIsNamed() {
    let error = #expect(throws: VerificationError.self) {
      try Self.graph([Self.node(.detach, [0], Self.images)]).verify(as: .lowered, after: "lowering")
    }
    #expect(
      error?.description
        == "after lowering: %4 [1, 4, 2, 2] = detach(%0): no lowered graph has such a node\n  from %0 [1, 4, 2, 2] = input x0"
    )
  }

  @Test func callersGetRowMajorResults() {
    var graph = Self.graph([Self.toBlocks])
    graph.outputs = [Graph.Output(name: "y", node: 4)]
    #expect(throws: VerificationError.self) { try graph.verify(as: .planned, after: "blocking") }
  }
}
