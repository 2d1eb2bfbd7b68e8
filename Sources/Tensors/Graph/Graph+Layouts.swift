extension Graph {
  /// The table of legal layouts: why a node's elements, and those of its operands, may not lie as they do; nil if they may.
  ///
  ///     %1 [8, 16, 4, 4] in blocks of 16 = relayout(%0)
  ///     %2 [8, 16, 4, 4] in blocks of 16 = tanh(%1)        legal
  ///     %3 [8, 16, 4, 4] = tanh(%1)                        not legal: elementwise results lie as their operands
  ///     %4 [8, 16, 1, 1] = sum over [2, 3](%2)             legal: a number a channel
  func objectionToLayout(of node: Node) -> String? {
    if node.layout == .rowMajor, node.operands.allSatisfy({ nodes[$0].layout == .rowMajor }) { return nil }
    let operands = node.operands.map { nodes[$0].layout }
    if !node.layout.fits(node.shape) { return "does not fit its layout" }
    if Set(operands + [node.layout]).subtracting([.rowMajor]).count > 1 {
      return "takes or gives blocks of several sizes"
    }
    if isLegal(node, operands) { return nil }
    return "does not take operands, or give a result, in these layouts"
  }

  private func isLegal(_ node: Node, _ operands: [Layout]) -> Bool {
    switch node.operation {
    case .unary, .binary, .select, .maxPool, .maxPoolGradient, .averagePool, .averagePoolGradient:
      operands.allSatisfy { $0 == node.layout }
    case .relayout: true
    case .broadcast: node.layout != .rowMajor
    case .slice(let starts, let strides):
      operands[0] == node.layout && starts[1] == 0 && strides[1] == 1
        && node.shape[1] == nodes[node.operands[0]].shape[1]
    // What is left of each image is one number, or one a channel.
    case .reduce(_, let axes): node.layout == .rowMajor && axes.contains(2) && axes.contains(3)
    case .convolution, .convolutionInputGradient: operands[1] == .rowMajor
    case .convolutionFilterGradient: node.layout == .rowMajor
    case .input, .variable, .constant, .iota, .random, .detach, .normalize, .argumentOfMaximum, .reshape, .transpose,
      .pad, .concatenate, .gatherRows, .scatterRows, .matmul, .assign:
      false
    }
  }
}
