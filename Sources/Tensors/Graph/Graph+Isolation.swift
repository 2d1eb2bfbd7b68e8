extension Graph {
  /// A program of one node alone: its inputs are the node's operands, in order, and its only output is the node.
  ///
  /// A backend that does not compute a node itself has another backend compute it:
  ///
  ///     let program = try CPUBackend().makeSession(options).compile(graph.isolating(id))
  ///     let result = try program.run(operands, step: step)[0]
  ///
  /// Of an input the program takes that input alone; of a variable or an assignment it has that variable alone.
  public func isolating(_ id: ID) -> Graph {
    let node = nodes[id]
    var graph = Graph()
    var operation = node.operation
    switch node.operation {
    case .input(let index):
      graph.inputs = [inputs[index]]
      operation = .input(0)
    case .variable(let index):
      graph.variables = [variables[index]]
      operation = .variable(0)
    case .assign(let index):
      graph.variables = [variables[index]]
      operation = .assign(0)
    default: break
    }
    for (position, operand) in node.operands.enumerated() {
      let shape = nodes[operand].shape
      graph.inputs.append(Input(name: "operand \(position)", shape: shape))
      graph.nodes.append(Node(operation: .input(position), operands: [], shape: shape))
    }
    graph.nodes.append(Node(operation: operation, operands: Array(node.operands.indices), shape: node.shape))
    graph.outputs = [Output(name: "result", node: graph.nodes.count - 1)]
    return graph
  }
}
