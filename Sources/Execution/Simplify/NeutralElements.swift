package import Tensors

extension Graph {
  /// A pass: what adds nothing goes. x + 0 becomes x, 0 − x becomes −x, a sum or maximum over axes of size one its operand;
  /// and x² becomes x · x.
  ///
  /// The numbers stay, but for the sign of zeros (−0 + 0 is 0) and the last place of x².
  ///
  ///     %1 [] = constant 0.0
  ///     %2 [4, 1] = broadcast(%1)
  ///     %3 [4, 1] = add(%0, %2)        the same as %0
  ///     %4 [4, 1] = sum over [1](%3)   the same as %3, so as %0
  package func removingNeutralElements() -> Graph {
    rewritten { rewriter, id in
      let node = rewriter.source[id]
      return rewriter.withoutNeutral(node.operation, rewriter.operands(of: id), node.shape)
    }
  }
}

extension GraphRewriter {
  fileprivate mutating func withoutNeutral(
    _ operation: Operation, _ operands: [Graph.ID], _ shape: Shape
  ) -> Graph.ID? {
    switch operation {
    case .binary(let kind):
      switch (kind, result.constant(operands[0]), result.constant(operands[1])) {
      case (.add, 0, _): return operands[1]
      case (.add, _, 0), (.subtract, _, 0): return operands[0]
      case (.subtract, 0, _): return unary(.negate, operands[1])
      case (.power, _, 2): return binary(.multiply, operands[0], operands[0])
      default: return nil
      }
    case .reduce(let kind, let axes):
      let long = axes.filter { result[operands[0]].shape[$0] != 1 }
      if long == axes, !axes.isEmpty { return nil }
      return long.isEmpty ? operands[0] : insert(.reduce(kind, axes: long), operands, shape)
    default: return nil
    }
  }
}
