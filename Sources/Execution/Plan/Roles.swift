package import Tensors

/// What becomes of each node when kernels run: the second pass.
///
///     %0 [8, 3] = input x                 source: it lies in the caller's memory
///     %1 [] = constant 2.0                host scalar: computed before the step
///     %2 [3, 8] = transpose [1, 0](%0)    view: %0's elements through strides [1, 3]
///     %3 [3, 8] = broadcast(%1)           view: one number through strides [0, 0]
///     %4 [3, 8] = multiply(%2, %3)        elementwise: an instruction of a loop
///     %5 [3, 1] = sum over [1](%4)        reduction: of the same loop
///     %6 [3, 3] = matmul(%2, %0)          library; it reads plain memory, so %2 becomes a copy
package struct Roles {
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
    /// A library's: it has a step of its own.
    case library
  }

  let graph: Graph
  private(set) var roles: [Role] = []
  /// Where each node's elements lie; for a copy, where the copy lies.
  private(set) var views: [View] = []
  /// Where a copy's elements come from, along the axes that the loop of the copy runs over.
  private(set) var sources: [Graph.ID: (view: View, axes: Shape)] = [:]
  /// Nodes that each loop which reads them computes for itself.
  private var isInlined: [Bool] = []

  /// Throws if the graph is not one that loops and kernels compute.
  package init(_ graph: Graph) throws(VerificationError) {
    try graph.verify(as: .planned, after: "preparation for kernels")
    self.graph = graph
    for (id, node) in graph.nodes.enumerated() {
      roles.append(role(of: node))
      views.append(View(of: id, node.stored.memory))
      if roles[id] == .view { settleView(id, node) }
      if roles[id] == .library { node.operands.forEach { makeContiguous($0) } }
    }
    for output in graph.outputs { makeContiguous(output.node) }
    if let guardNode = graph.guardNode { makeContiguous(guardNode) }
    inline(likelyStored: Array(repeating: false, count: roles.count))
  }

  /// Chooses what is inlined. This is done twice: the first choice decides which loops there are, and these say which results
  /// will be in storage (`likelyStored`); what is cheaply made of such a result need not be stored itself.
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
    case .relayout: return node.layout == graph[node.operands[0]].layout ? .elementwise : .view
    // The last two are in no planned graph: the verifier has refused them.
    case .random, .assign, .detach, .normalize: return .elementwise
    case .reduce: return .reduction
    case .argumentOfMaximum, .pad, .concatenate, .gatherRows, .scatterRows, .matmul, .convolution,
      .convolutionInputGradient, .convolutionFilterGradient, .maxPool, .maxPoolGradient, .averagePool,
      .averagePoolGradient:
      return .library
    }
  }

  private mutating func settleView(_ id: Graph.ID, _ node: Graph.Node) {
    let operand = node.operands[0]
    func view() -> View? { views[operand].moved(by: node.operation, from: graph[operand].stored, to: node.stored) }
    if let view = view() {
      views[id] = view
    } else if case .relayout = node.operation {
      copyFromBlocks(id, operand)
    } else {
      makeCopy(operand)
      views[id] = view() ?? views[id]
    }
  }

  /// A row-major copy of images in blocks. Its loop runs over `[batch, blocks, block, height, width]`, in the order in which
  /// the copy lies.
  private mutating func copyFromBlocks(_ id: Graph.ID, _ operand: Graph.ID) {
    let order = [0, 1, 4, 2, 3]
    var view = views[operand]
    view.strides = order.map { view.strides[$0] }
    let memory = graph[operand].stored.memory
    sources[id] = (view, Shape(order.map { memory[$0] }))
    roles[id] = .copy
  }

  /// Kernels and callers take storage without gaps.
  private mutating func makeContiguous(_ id: Graph.ID) {
    let isPlain = views[id].isContiguous(graph[id].stored.memory) && views[id].offset == 0
    let isNumber = roles[id] == .view && roles[base(id)] == .hostScalar
    if !isPlain || isNumber { makeCopy(id) }
  }

  private mutating func makeCopy(_ id: Graph.ID) {
    guard roles[id] != .copy else { return }
    let memory = graph[id].stored.memory
    sources[id] = (views[id], memory)
    roles[id] = .copy
    views[id] = View(of: id, memory)
  }
}
