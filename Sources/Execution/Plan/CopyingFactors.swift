import Tensors

extension Graph {
  /// A pass before bfloat16: what a matrix product reads of variables and inputs, which are Float32, it reads of a copy, so
  /// that all products of a step share one conversion.
  func copyingFactors() throws(VerificationError) -> Graph {
    var graph = self
    graph.nodes = []
    var renumbered: [ID] = []
    var copies: [ID: ID] = [:]
    func isSource(_ id: ID) -> Bool {
      switch graph.nodes[id].operation {
      case .variable, .input: true
      default: false
      }
    }
    for node in nodes {
      var operands = node.operands.map { renumbered[$0] }
      if case .matmul = node.operation {
        for (index, operand) in operands.enumerated() where isSource(operand) {
          if copies[operand] == nil {
            copies[operand] = graph.nodes.count
            graph.nodes.append(Node(operation: .detach, operands: [operand], shape: graph.nodes[operand].shape))
          }
          operands[index] = copies[operand] ?? operand
        }
      }
      renumbered.append(graph.nodes.count)
      graph.nodes.append(Node(operation: node.operation, operands: operands, shape: node.shape))
    }
    graph.outputs = outputs.map { Output(name: $0.name, node: renumbered[$0.node]) }
    graph.guardNode = guardNode.map { renumbered[$0] }
    try graph.verify(after: "copying factors")
    return graph
  }
}
