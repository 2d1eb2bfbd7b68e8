// Nothing public makes an illegal graph: the verifier guards against mistakes in passes.
import Tensors
import Testing

@Suite struct VerificationTests {
  private static func node(_ operation: Tensors.Operation, _ operands: [Int], _ shape: Shape) -> Graph.Node {
    Graph.Node(operation: operation, operands: operands, shape: shape)
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
}
