package import Tensors

extension Graph {
  /// A pass: chains of reshapes, transposes, broadcasts or slices become one, and those that change nothing go. Exact.
  package func foldingMoves() -> Graph {
    rewritten { rewriter, id in
      let node = rewriter.source[id]
      guard let operand = node.operands.first.map(rewriter.image) else { return nil }
      return rewriter.moved(node.operation, operand, node.shape)
    }
  }
}

extension GraphRewriter {
  fileprivate mutating func moved(_ operation: Operation, _ x: Graph.ID, _ shape: Shape) -> Graph.ID? {
    let from = result[x]
    switch operation {
    case .reshape:
      if from.shape == shape { return x }
      if case .reshape = from.operation {
        return moved(.reshape, from.operands[0], shape) ?? insert(.reshape, from.operands, shape)
      }
    case .broadcast:
      if from.shape == shape { return x }
      if case .broadcast = from.operation { return broadcast(from.operands[0], to: shape) }
      // Broadcasting adds leading axes by itself.
      if case .reshape = from.operation {
        let inner = result[from.operands[0]].shape
        if inner.rank <= shape.rank, inner.significant == from.shape.significant {
          return broadcast(from.operands[0], to: shape)
        }
      }
    case .transpose(let order):
      if order == Array(order.indices) { return x }
      if case .transpose(let inner) = from.operation {
        let both = order.map { inner[$0] }
        return moved(.transpose(both), from.operands[0], shape) ?? insert(.transpose(both), from.operands, shape)
      }
    case .slice(let starts, let strides):
      if from.shape == shape, strides.allSatisfy({ $0 == 1 }) { return x }
      if case .slice(let innerStarts, let innerStrides) = from.operation {
        return insert(
          .slice(
            starts: starts.indices.map { innerStarts[$0] + starts[$0] * innerStrides[$0] },
            strides: strides.indices.map { strides[$0] * innerStrides[$0] }), from.operands, shape)
      }
    case .pad: return from.shape == shape ? x : nil
    default: break
    }
    return nil
  }
}

extension Shape {
  /// The sizes without leading ones.
  fileprivate var significant: ArraySlice<Int> { sizes.drop { $0 == 1 } }
}
