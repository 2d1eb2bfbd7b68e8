package import Tensors

extension Graph {
  /// A pass: large tensors are multiplied by one small factor where they were by several.
  ///
  /// - (x·s)·t → x·(s·t), x/s → x·(1/s), −(x·s) → x·(−s);
  /// - (x·s ± y·t ± u)·v → x·(s·v) ± y·(t·v) ± u·v, small u too, if nothing else needs the sum.
  ///
  /// Results change by a few units in the last place of the largest term. Products of small factors can leave the range of
  /// Float32 where the old order of multiplication would not: only if one of them is nearer than the large tensor to its end.
  /// Sums with small terms, (x + s) + t, stay: x − mean + bias is exact where x + (bias − mean) is not.
  package func mergingFactors(leastElements: Int = SmallOperands.leastElements) -> Graph {
    let merging = FactorMerging(small: SmallOperands(self, leastElements: leastElements), useCounts: useCounts)
    return rewritten { rewriter, id in merging.replacement(of: id, &rewriter) }
  }
}

private struct FactorMerging {
  let small: SmallOperands
  let useCounts: [Int]

  private var graph: Graph { small.graph }

  /// A node as another one times small factors.
  private struct Scaled {
    var base: Graph.ID
    var factors: [SmallFactor] = []
    var isNegative = false
  }

  func replacement(of id: Graph.ID, _ rewriter: inout GraphRewriter) -> Graph.ID? {
    let scaled = scaled(id)
    guard !scaled.factors.isEmpty, small.areSmall(scaled.factors.map(\.id), beside: graph[id].shape) else { return nil }
    if isSum(scaled.base), passesOn(scaled.base, scaled.factors) {
      return distribute(scaled.factors, scaled.isNegative, over: scaled.base, &rewriter)
    }
    let isSimple = scaled.factors.count == 1 && !scaled.factors[0].divides && !scaled.isNegative
    return isSimple ? nil : multiply(scaled, &rewriter)
  }

  private func scaled(_ id: Graph.ID) -> Scaled {
    let node = graph[id]
    switch node.operation {
    case .binary(.multiply):
      for (factor, other) in [(1, 0), (0, 1)] {
        if let operand = small.operand(of: node.operands[factor]) {
          var scaled = scaled(node.operands[other])
          scaled.factors.append(SmallFactor(id: operand, divides: false))
          return scaled
        }
      }
    case .binary(.divide):
      if let operand = small.operand(of: node.operands[1]) {
        var scaled = scaled(node.operands[0])
        scaled.factors.append(SmallFactor(id: operand, divides: true))
        return scaled
      }
    case .unary(.negate):
      var scaled = scaled(node.operands[0])
      scaled.isNegative.toggle()
      return scaled
    default: break
    }
    return Scaled(base: id)
  }

  private func multiply(_ scaled: Scaled, _ rewriter: inout GraphRewriter) -> Graph.ID? {
    guard let product = rewriter.product(scaled.factors, isNegative: scaled.isNegative) else { return nil }
    let shape = graph[scaled.base].shape
    return rewriter.binary(.multiply, rewriter.image(of: scaled.base), rewriter.broadcast(product, to: shape))
  }

  // MARK: - Sums

  private func isSum(_ id: Graph.ID) -> Bool {
    switch graph[id].operation {
    case .binary(.add), .binary(.subtract): true
    default: false
    }
  }

  /// Whether every term of a sum takes the factors without a multiplication of its own.
  private func passesOn(_ id: Graph.ID, _ factors: [SmallFactor]) -> Bool {
    if isSum(id) { return useCounts[id] == 1 && graph[id].operands.allSatisfy { passesOn($0, factors) } }
    if let operand = small.operand(of: id) {
      return small.areSmall(factors.map(\.id) + [operand], beside: graph[id].shape)
    }
    let own = scaled(id).factors.map(\.id)
    return !own.isEmpty && small.areSmall(factors.map(\.id) + own, beside: graph[id].shape)
  }

  private func distribute(
    _ factors: [SmallFactor], _ isNegative: Bool, over id: Graph.ID, _ rewriter: inout GraphRewriter
  ) -> Graph.ID? {
    let node = graph[id]
    if isSum(id) {
      let terms = node.operands.compactMap { distribute(factors, isNegative, over: $0, &rewriter) }
      return terms.count == 2 ? rewriter.insert(node.operation, terms, node.shape) : nil
    }
    if let operand = small.operand(of: id) {
      let all = factors + [SmallFactor(id: operand, divides: false)]
      return rewriter.product(all, isNegative: isNegative).map { rewriter.broadcast($0, to: node.shape) }
    }
    var scaled = scaled(id)
    scaled.factors += factors
    scaled.isNegative = scaled.isNegative != isNegative
    return multiply(scaled, &rewriter)
  }
}
