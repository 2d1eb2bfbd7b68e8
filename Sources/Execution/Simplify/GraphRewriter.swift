import Tensors

/// A graph while a pass rewrites it node by node: equal nodes of the result are added once.
///
/// Two nodes are equal if operation, operands, shape and layout are; the operands of sums, products and comparisons for equality in
/// any order. `random` nodes of one stream and shape draw the same numbers and are equal; assignments never are.
///
/// Most passes find nothing to do: until a first node changes, the result is the source, and nothing is copied or looked up.
struct GraphRewriter {
  let source: Graph
  private(set) var result: Graph
  private var images: [Graph.ID] = []
  /// Whether the result is more than the source so far.
  private var hasParted = false
  /// The nodes of a result of its own.
  private var known: [Graph.Node: Graph.ID] = [:]

  fileprivate init(_ source: Graph) {
    self.source = source
    result = source
    images.reserveCapacity(source.nodes.count)
  }

  /// Parts the result from the source, of which it keeps the nodes so far.
  mutating func part() {
    guard !hasParted else { return }
    hasParted = true
    result.nodes = []
    result.nodes.reserveCapacity(source.nodes.count)
    result.nodes += source.nodes.prefix(images.count)
    known.reserveCapacity(source.nodes.count)
    for (id, node) in result.nodes.enumerated() where node.operation.isFunction { known[node] = id }
  }

  /// The node of the result that computes what a node of the source does.
  func image(of id: Graph.ID) -> Graph.ID { images[id] }

  /// What a node of the source becomes if its operation stays.
  func operands(of id: Graph.ID) -> [Graph.ID] { source.nodes[id].operands.map { images[$0] } }

  /// Adds a node to the result, or finds its equal.
  mutating func insert(
    _ operation: Operation, _ operands: [Graph.ID], _ shape: Shape, _ layout: Layout = .rowMajor
  ) -> Graph.ID {
    part()
    let node = Graph.Node(
      operation: operation, operands: operation.canonical(operands), shape: shape, layout: layout)
    guard operation.isFunction else { return append(node) }
    let next = result.nodes.count
    // In place, so that the node is hashed once.
    let id = { (known: inout Graph.ID) in known }(&known[node, default: next])
    return id == next ? append(node) : id
  }

  private mutating func append(_ node: Graph.Node) -> Graph.ID {
    result.nodes.append(node)
    return result.nodes.count - 1
  }

  fileprivate mutating func place(_ id: Graph.ID, _ replacement: (inout GraphRewriter, Graph.ID) -> Graph.ID?) {
    let replacement = replacement(&self, id)
    if let replacement {
      part()
      images.append(replacement)
    } else if !hasParted {
      images.append(id)
    } else {
      let node = source.nodes[id]
      images.append(insert(node.operation, operands(of: id), node.shape, node.layout))
    }
  }

  fileprivate mutating func finish() -> Graph {
    guard hasParted else { return source }
    result.outputs = source.outputs.map { Graph.Output(name: $0.name, node: images[$0.node]) }
    result.guardNode = source.guardNode.map { images[$0] }
    return result.removingDeadNodes()
  }
}

extension Graph {
  /// This program with what `replacement` inserts in place of each node; where it returns nil, the node stays.
  func rewritten(_ replacement: (inout GraphRewriter, Graph.ID) -> Graph.ID?) -> Graph {
    var rewriter = GraphRewriter(self)
    for id in nodes.indices { rewriter.place(id, replacement) }
    return rewriter.finish()
  }
}

// MARK: - What passes insert

extension GraphRewriter {
  mutating func constant(_ number: Double) -> Graph.ID { insert(.constant(number), [], .scalar) }

  mutating func unary(_ unary: Operation.Unary, _ x: Graph.ID) -> Graph.ID {
    insert(.unary(unary), [x], result[x].shape)
  }

  /// Operands are broadcast to the shape that both have room in.
  mutating func binary(_ binary: Operation.Binary, _ a: Graph.ID, _ b: Graph.ID) -> Graph.ID {
    let shape = result[a].shape.broadcast(with: result[b].shape) ?? result[a].shape
    return insert(.binary(binary), [broadcast(a, to: shape), broadcast(b, to: shape)], shape)
  }

  mutating func broadcast(_ x: Graph.ID, to shape: Shape) -> Graph.ID {
    result[x].shape == shape ? x : insert(.broadcast, [x], shape)
  }
}

extension Operation {
  /// Whether equal operands give equal results, and nothing else happens.
  fileprivate var isFunction: Bool {
    if case .assign = self { false } else { !isNegativeZero }
  }

  /// The operands in an order of their own where theirs does not matter.
  fileprivate func canonical(_ operands: [Graph.ID]) -> [Graph.ID] {
    switch self {
    case .binary(.add), .binary(.multiply), .binary(.equal): operands.sorted()
    default: operands
    }
  }
}
