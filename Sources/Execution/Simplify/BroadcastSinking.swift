package import Tensors

extension Graph {
  /// A pass: f(broadcast s, broadcast t) becomes broadcast f(s, t) where s and t are small. Exact.
  package func sinkingBroadcasts(leastElements: Int = SmallOperands.leastElements) -> Graph {
    let small = SmallOperands(self, leastElements: leastElements)
    /// By node that was replaced: what its replacement repeats.
    var repeated: [ID: (id: ID, isNumber: Bool)] = [:]
    return rewritten { rewriter, id in
      let node = nodes[id]
      guard node.operation.isElementwise else { return nil }
      let operands = node.operands.compactMap { operand in
        repeated[operand] ?? small.operand(of: operand).map { (rewriter.image(of: $0), small.isNumber($0)) }
      }
      guard !operands.isEmpty, operands.count == node.operands.count else { return nil }
      let shape = operands.reduce(Shape.scalar) { $0.broadcast(with: rewriter.result[$1.id].shape) ?? node.shape }
      let isNumber = operands.allSatisfy(\.isNumber)
      guard isNumber || small.isSmall(shape, beside: node.shape) else { return nil }
      let result = rewriter.insert(node.operation, operands.map { rewriter.broadcast($0.id, to: shape) }, shape)
      repeated[id] = (result, isNumber)
      return rewriter.broadcast(result, to: node.shape)
    }
  }
}

extension Operation {
  fileprivate var isElementwise: Bool {
    switch self {
    case .unary, .binary, .select: true
    default: false
    }
  }
}
