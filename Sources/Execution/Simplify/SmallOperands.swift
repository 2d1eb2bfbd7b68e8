import Tensors

/// Tells large tensors from small ones repeated to their shape: what the passes below move work between.
package struct SmallOperands {
  /// A small tensor has at most one element for so many of the large one.
  static let leastRatio = 8
  /// Below so many elements, an instruction takes less time than the kernel of its own that a small tensor's work may need.
  package static let leastElements = 65536

  let graph: Graph
  private let leastElements: Int
  /// Numbers that the host computes before the step: work on them is free.
  private let numbers: [Bool]

  init(_ graph: Graph, leastElements: Int) {
    self.graph = graph
    self.leastElements = leastElements
    var numbers: [Bool] = []
    for node in graph.nodes {
      let isComputed =
        switch node.operation {
        case .constant, .input: true
        case .unary, .binary, .select, .reshape, .broadcast: node.operands.allSatisfy { numbers[$0] }
        default: false
        }
      numbers.append(node.shape.rank == 0 && isComputed)
    }
    self.numbers = numbers
  }

  func isNumber(_ id: Graph.ID) -> Bool { numbers[id] }

  /// The small tensor that a node repeats; nil if it is anything else.
  func operand(of id: Graph.ID) -> Graph.ID? {
    guard case .broadcast = graph[id].operation else { return nil }
    let operand = graph[id].operands[0]
    return numbers[operand] || isSmall(graph[operand].shape, beside: graph[id].shape) ? operand : nil
  }

  /// Whether work on a tensor of the first shape costs nothing beside the same work on one of the second.
  func isSmall(_ shape: Shape, beside large: Shape) -> Bool {
    large.elementCount >= leastElements && large.elementCount >= Self.leastRatio * shape.elementCount
  }

  /// Whether what is made of these small tensors together is still small, and its shape.
  func areSmall(_ operands: [Graph.ID], beside large: Shape) -> Bool {
    if operands.allSatisfy(isNumber) { return true }
    let shape = operands.reduce(Shape.scalar) { $0.broadcast(with: graph[$1].shape) ?? large }
    return isSmall(shape, beside: large)
  }
}

/// A small tensor by which a large one is multiplied, or divided.
struct SmallFactor {
  /// Of the graph that is rewritten.
  let id: Graph.ID
  let divides: Bool
}

extension GraphRewriter {
  /// The product of small factors, negated if so said; nil if there are none.
  mutating func product(_ factors: [SmallFactor], isNegative: Bool) -> Graph.ID? {
    var product: Graph.ID?
    // In the order of the graph, so that equal products are seen to be equal.
    for factor in factors.sorted(by: { ($0.id, $0.divides ? 1 : 0) < ($1.id, $1.divides ? 1 : 0) }) {
      let number = factor.divides ? unary(.reciprocal, image(of: factor.id)) : image(of: factor.id)
      product = product.map { binary(.multiply, $0, number) } ?? number
    }
    return isNegative ? product.map { unary(.negate, $0) } : product
  }
}
