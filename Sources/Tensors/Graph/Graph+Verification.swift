/// A node that the table of legal nodes refuses: a mistake in Fledge or a plugin, never in a recipe.
public struct VerificationError: Error, Sendable, CustomStringConvertible {
  public let description: String
}

extension Graph {
  /// Checks every node against the tables of legal nodes: what shapes each primitive takes and gives, how they may lie, and
  /// which nodes the stage may have. Called after tracing and after every pass.
  ///
  /// - Parameters:
  ///   - stage: nil for what runs graphs of any stage, such as the reference backend. Default: nil.
  ///   - pass: what made the graph, for the error: `tracing`.
  /// - Throws: ``VerificationError`` for the first node that is not legal.
  public func verify(as stage: Stage? = nil, after pass: String) throws(VerificationError) {
    for (id, node) in nodes.enumerated() {
      guard node.operands.allSatisfy({ $0 >= 0 && $0 < id }) else {
        throw objection(id, "uses a node that does not come before it", pass)
      }
      let shape: Shape
      do {
        shape = try node.operation.resultShape(of: node.operands.map { nodes[$0].shape }, declared: node.shape)
      } catch {
        throw objection(id, error.description, pass)
      }
      if shape != node.shape { throw objection(id, "should have shape \(shape)", pass) }
      if let problem = stage.flatMap({ objection(to: node, at: $0) }) ?? objectionToLayout(of: node) {
        throw objection(id, problem, pass)
      }
      try verifyDeclarations(id, node, pass)
    }
    for output in outputs where !nodes.indices.contains(output.node) {
      throw VerificationError(description: "after \(pass): output '\(output.name)' is no node")
    }
    for output in outputs where nodes[output.node].layout != .rowMajor {
      throw objection(output.node, "is output '\(output.name)', and not row-major", pass)
    }
    if let guardNode, !nodes.indices.contains(guardNode) || nodes[guardNode].shape.elementCount != 1 {
      throw VerificationError(description: "after \(pass): the guard is not a scalar")
    }
  }

  private func verifyDeclarations(_ id: ID, _ node: Node, _ pass: String) throws(VerificationError) {
    switch node.operation {
    case .input(let index):
      guard inputs.indices.contains(index), inputs[index].shape == node.shape else {
        throw objection(id, "is no declared input", pass)
      }
    case .variable(let index), .assign(let index):
      guard variables.indices.contains(index), variables[index].shape == node.shape else {
        throw objection(id, "is no declared variable", pass)
      }
    default: break
    }
  }

  private func objection(_ id: ID, _ problem: String, _ pass: String) -> VerificationError {
    let neighbours = nodes[id].operands.filter(nodes.indices.contains).map { "\n  from \(line($0))" }.joined()
    return VerificationError(description: "after \(pass): \(line(id)): \(problem)\(neighbours)")
  }
}
