package import Tensors

extension Graph {
  /// The first pass: primitives that have no kernel of their own here, written with those that have.
  package func lowered() throws(VerificationError) -> Graph {
    let trace = Trace()
    var values: [Value] = []
    for node in nodes {
      let operands = node.operands.map { values[$0] }
      switch node.operation {
      case .input(let index): values.append(trace.input(inputs[index].name, node.shape))
      case .variable(let index): values.append(trace.variable(variables[index]))
      case .assign(let index):
        trace.assign(operands[0], to: variables[index])
        values.append(operands[0])
      case .normalize(_, let epsilon):
        let scale = (operands[2] + epsilon).squareRoot().reciprocal()
        values.append((operands[0] - operands[1]) * scale)
      case .detach: values.append(operands[0])
      default: values.append(trace.insert(node.operation, operands.map(\.id), node.shape))
      }
    }
    for output in outputs { trace.output(values[output.node], as: output.name) }
    if let guardNode { trace.guardAssignments(by: values[guardNode]) }
    // Inputs keep the caller's order even when nothing uses one of them.
    let lowered = trace.graph.declaring(inputs: inputs).removingDeadNodes()
    try lowered.verify(as: .lowered, after: "lowering")
    return lowered
  }
}
