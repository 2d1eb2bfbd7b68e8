package import Tensors

extension Graph {
  /// A pass: what depends on constants alone becomes one, and nodes that return an operand go.
  ///
  /// Every rule gives the same bits for every operand, NaN, infinities and −0 among them, except that constants are computed
  /// in Float64. Hence no x·0 → 0 (∞·0 is NaN), no x + 0 → x (−0 + 0 is 0), no 0 − x → −x (0 − 0 is 0) and no x − x → 0.
  /// Results that are NaN or −0 stay unfolded: such constants cannot be compared with others.
  package func foldingConstants() -> Graph {
    rewritten { rewriter, id in
      let node = rewriter.source[id]
      return rewriter.folded(node.operation, rewriter.operands(of: id), node.shape)
    }
  }

  /// The number that all elements of a node are.
  func constant(_ id: ID) -> Double? {
    switch nodes[id].operation {
    case .constant(let number): number
    case .broadcast, .reshape, .transpose, .slice: constant(nodes[id].operands[0])
    default: nil
    }
  }
}

extension GraphRewriter {
  fileprivate mutating func folded(_ operation: Operation, _ operands: [Graph.ID], _ shape: Shape) -> Graph.ID? {
    switch operation {
    case .unary(let unary):
      if let x = result.constant(operands[0]) { return number(unary.result(x), shape) }
      if case .unary(unary) = result[operands[0]].operation {
        switch unary {
        case .negate: return result[operands[0]].operands[0]
        case .absolute, .floor, .sign: return operands[0]
        default: return nil
        }
      }
      return nil
    case .binary(let binary): return folded(binary, operands[0], operands[1], shape)
    case .select:
      if operands[1] == operands[2] { return operands[1] }
      return result.constant(operands[0]).map { operands[$0 != 0 ? 1 : 2] }
    case .reduce(let kind, let axes):
      guard let x = result.constant(operands[0]) else { return nil }
      let count = axes.reduce(1) { $0 * result[operands[0]].shape[$1] }
      return number(kind == .sum ? x * Double(count) : x, shape)
    default: return nil
    }
  }

  private mutating func folded(_ binary: Operation.Binary, _ a: Graph.ID, _ b: Graph.ID, _ shape: Shape) -> Graph.ID? {
    switch (binary, result.constant(a), result.constant(b)) {
    case (_, let a?, let b?): return number(binary.result(a, b), shape)
    case (.multiply, 1, _): return b
    case (.multiply, _, 1), (.divide, _, 1), (.power, _, 1): return a
    case (.multiply, -1, _): return unary(.negate, b)
    case (.multiply, _, -1), (.divide, _, -1): return unary(.negate, a)
    case (.add, let zero?, _) where zero == 0 && zero.sign == .minus: return b
    case (.add, _, let zero?) where zero == 0 && zero.sign == .minus: return a
    case (.subtract, _, let zero?) where zero == 0 && zero.sign == .plus: return a
    case (.divide, _, let divisor?) where divisor.isPowerOfTwo:
      return self.binary(.multiply, a, broadcast(constant(1 / divisor), to: shape))
    case (.less, _, _) where a == b: return broadcast(constant(0), to: shape)
    default: return withoutNegations(binary, a, b)
    }
  }

  /// Negations that only change which of addition and subtraction is meant, or each other.
  private mutating func withoutNegations(_ binary: Operation.Binary, _ a: Graph.ID, _ b: Graph.ID) -> Graph.ID? {
    switch (binary, negated(a), negated(b)) {
    case (.add, _, let b?): self.binary(.subtract, a, b)
    case (.add, let a?, _): self.binary(.subtract, b, a)
    case (.subtract, _, let b?): self.binary(.add, a, b)
    case (.multiply, let a?, let b?), (.divide, let a?, let b?): self.binary(binary, a, b)
    default: nil
    }
  }

  /// x of −x.
  private func negated(_ id: Graph.ID) -> Graph.ID? {
    if case .unary(.negate) = result[id].operation { result[id].operands[0] } else { nil }
  }

  private mutating func number(_ number: Double, _ shape: Shape) -> Graph.ID? {
    guard !number.isNaN, number != 0 || number.sign == .plus else { return nil }
    return broadcast(constant(number), to: shape)
  }
}

extension Double {
  /// Whether dividing by this is the same as multiplying by its reciprocal, in Float32 too.
  fileprivate var isPowerOfTwo: Bool { isNormal && abs(exponent) < 120 && significand == 1 }
}
