package import Tensors

extension Graph {
  /// A pass: Σ(x·y·s) becomes Σ(x·y)·s where the small factor s is the same for all that is added.
  ///
  /// Sums of the same products then are one sum: those of batch normalisation's gradients are two where they were four. Of x
  /// and y, each may be absent. Results change by a few units in the last place of Σ|x·y·s|; sums can leave the range of
  /// Float32 only if Σ(x·y) is nearer to its end than s is small.
  package func hoistingFactors(leastElements: Int = SmallOperands.leastElements) -> Graph {
    let hoisting = FactorHoisting(small: SmallOperands(self, leastElements: leastElements))
    return rewritten { rewriter, id in hoisting.replacement(of: id, &rewriter) }
  }
}

private struct FactorHoisting {
  /// A node as a product of large tensors and small factors.
  private struct Product {
    var large: [Graph.ID] = []
    var factors: [SmallFactor] = []
    var isNegative = false
  }

  private let small: SmallOperands
  private var products: [Product] = []

  private var graph: Graph { small.graph }

  init(small: SmallOperands) {
    self.small = small
    products.reserveCapacity(graph.nodes.count)
    for id in graph.nodes.indices { products.append(product(id)) }
  }

  func replacement(of id: Graph.ID, _ rewriter: inout GraphRewriter) -> Graph.ID? {
    let node = graph[id]
    guard case .reduce(.sum, let axes) = node.operation else { return nil }
    let terms = graph[node.operands[0]].shape
    let product = products[node.operands[0]]
    guard !product.factors.isEmpty || product.isNegative else { return nil }
    let isHoisted = product.factors.allSatisfy { factor in
      let shape = graph[factor.id].shape
      let missing = terms.rank - shape.rank
      return axes.allSatisfy { $0 < missing || shape[$0 - missing] == 1 }
    }
    guard isHoisted else { return nil }
    var sum = rewriter.constant(Double(axes.reduce(1) { $0 * terms[$1] }))
    if !product.large.isEmpty {
      let large = product.large.map(rewriter.image).sorted()
      let tensor = large.dropFirst().reduce(large[0]) { rewriter.binary(.multiply, $0, $1) }
      sum = rewriter.insert(node.operation, [tensor], node.shape)
    }
    if product.factors.isEmpty { return rewriter.unary(.negate, sum) }
    guard let factor = rewriter.product(product.factors, isNegative: product.isNegative) else { return nil }
    let shapes = [sum, factor].map { rewriter.broadcast($0, to: node.shape) }
    return rewriter.binary(.multiply, shapes[0], shapes[1])
  }

  /// At most two large tensors, so that no sum takes more multiplications than before.
  private func product(_ id: Graph.ID) -> Product {
    if let operand = small.operand(of: id) { return Product(factors: [SmallFactor(id: operand, divides: false)]) }
    let operands = graph[id].operands
    var result = Product(large: [id])
    switch graph[id].operation {
    case .unary(.negate):
      result = products[operands[0]]
      result.isNegative.toggle()
    case .binary(.multiply):
      let (a, b) = (products[operands[0]], products[operands[1]])
      result = Product(
        large: a.large + b.large, factors: a.factors + b.factors, isNegative: a.isNegative != b.isNegative)
    case .binary(.divide):
      if let operand = small.operand(of: operands[1]) {
        result = products[operands[0]]
        result.factors.append(SmallFactor(id: operand, divides: true))
      }
    default: break
    }
    return result.large.count <= 2 ? result : Product(large: [id])
  }
}
