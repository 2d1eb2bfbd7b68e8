import Tensors

/// What becomes of each node: the second pass.
struct Roles {
  enum Role: Equatable {
    /// Storage that exists before the step: an input, a variable, a table of indices.
    case source
    /// One number that depends on constants and scalar inputs alone: computed in Float64 before the step.
    case hostScalar
    /// Elements of another node, seen through strides.
    case view
    /// Part of a fused loop.
    case elementwise
    /// Part of a fused loop that copies the elements of its operand, because strides cannot say what its users need.
    case copy
    case reduction
    /// A kernel of its own.
    case kernel
  }

  let graph: Graph
  private(set) var roles: [Role] = []
  /// Where each node's elements lie; for a copy, where the copy lies.
  private(set) var views: [View] = []
  /// Where a copy's elements come from.
  private(set) var sources: [Graph.ID: View] = [:]
  /// Nodes that each loop which reads them computes for itself.
  private var isInlined: [Bool] = []

  init(_ graph: Graph) {
    self.graph = graph
    for (id, node) in graph.nodes.enumerated() {
      roles.append(role(of: node))
      views.append(View(of: id, node.shape))
      if roles[id] == .view { settleView(id, node) }
      if roles[id] == .kernel { node.operands.forEach { makeContiguous($0) } }
    }
    for output in graph.outputs { makeContiguous(output.node) }
    if let guardNode = graph.guardNode { makeContiguous(guardNode) }
    inline(likelyStored: Array(repeating: false, count: roles.count))
  }

  /// Chooses what is inlined. Once loops are known that store a node, so are those that can do without storing what is
  /// cheaply made of it.
  mutating func inline(likelyStored: [Bool]) {
    isInlined = Inlining(self, likelyStored: likelyStored).isInlined
  }

  func isInlined(_ id: Graph.ID) -> Bool { isInlined.indices.contains(id) && isInlined[id] }

  /// The node whose storage or register holds a node's elements.
  func base(_ id: Graph.ID) -> Graph.ID { views[id].base }

  private func role(of node: Graph.Node) -> Role {
    switch node.operation {
    case .constant: return .hostScalar
    case .input: return node.shape.rank == 0 ? .hostScalar : .source
    case .variable, .iota: return .source
    case .unary, .binary, .select, .reshape, .broadcast:
      if node.shape.rank == 0, node.operands.allSatisfy({ roles[$0] == .hostScalar }) { return .hostScalar }
      switch node.operation {
      case .reshape, .broadcast: return .view
      default: return .elementwise
      }
    case .transpose, .slice: return .view
    case .random, .assign, .detach, .normalize: return .elementwise
    case .reduce: return .reduction
    case .argumentOfMaximum, .pad, .concatenate, .gatherRows, .scatterRows, .matmul, .convolution,
      .convolutionInputGradient, .convolutionFilterGradient, .maxPool, .maxPoolGradient, .averagePool,
      .averagePoolGradient:
      return .kernel
    }
  }

  private mutating func settleView(_ id: Graph.ID, _ node: Graph.Node) {
    let operand = node.operands[0]
    let shape = graph[operand].shape
    if views[operand].moved(by: node.operation, from: shape, to: node.shape) == nil { makeCopy(operand) }
    if let view = views[operand].moved(by: node.operation, from: shape, to: node.shape) { views[id] = view }
  }

  /// Kernels and callers take plain row-major storage.
  private mutating func makeContiguous(_ id: Graph.ID) {
    let isPlain = views[id].isContiguous(graph[id].shape) && views[id].offset == 0
    let isNumber = roles[id] == .view && roles[base(id)] == .hostScalar
    if !isPlain || isNumber { makeCopy(id) }
  }

  private mutating func makeCopy(_ id: Graph.ID) {
    guard roles[id] != .copy else { return }
    sources[id] = views[id]
    roles[id] = .copy
    views[id] = View(of: id, graph[id].shape)
  }
}
