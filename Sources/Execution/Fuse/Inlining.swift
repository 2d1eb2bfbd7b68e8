import Tensors

/// Which nodes are not stored: each loop that reads them computes them for itself. These are cheap nodes of one large operand
/// that is stored anyway; to write and read them would take longer than to compute them twice.
///
///     %2 [64, 32] = matmul(%0, %1)          stored, as all results of kernels
///     %4 [64, 32] = maximum(%2, %3)         %3 repeats 0; stored, because a kernel reads it
///     %5 [64, 8] = matmul(%4, %w)
///     %6 [64, 32] = less(%3, %4)            inlined: one instruction, of %4 alone
///     %8 [64, 32] = select(%6, %g, %3)      not inlined: with %6 it comes down to %4 and %g, two large operands
struct Inlining {
  /// More instructions than this cost more than a read.
  static let maximumInstructions = 5

  private(set) var isInlined: [Bool]

  /// `likelyStored`: by node, whether a loop would store it if it were not inlined.
  init(_ roles: Roles, likelyStored: [Bool]) {
    let graph = roles.graph
    let isStored = Self.stored(roles)
    isInlined = Array(repeating: false, count: graph.nodes.count)
    /// By inlined node: the instructions that it takes, and the large operands that it comes down to.
    var costs: [Graph.ID: (instructions: Int, leaves: Set<Graph.ID>)] = [:]
    for (id, node) in graph.nodes.enumerated() where Self.isCheap(node, roles.roles[id]) && !isStored[id] {
      var instructions = 1
      var leaves: Set<Graph.ID> = []
      var isPossible = true
      for view in node.operands.map({ roles.views[$0] })
      where graph[view.base].shape.elementCount == node.shape.elementCount {
        if let cost = costs[view.base], view == View(of: view.base, node.stored.memory) {
          instructions += cost.instructions
          leaves.formUnion(cost.leaves)
        } else {
          isPossible = isPossible && (isStored[view.base] || likelyStored[view.base])
          leaves.insert(view.base)
        }
      }
      guard isPossible, leaves.count <= 1, instructions <= Self.maximumInstructions else { continue }
      isInlined[id] = true
      costs[id] = (instructions, leaves)
    }
  }

  /// What lies in storage whatever loops there are: sources, results of kernels and reductions, and what is read other than
  /// element by element in a loop of its shape.
  private static func stored(_ roles: Roles) -> [Bool] {
    let graph = roles.graph
    var isStored = roles.roles.map { $0 == .source || $0 == .library || $0 == .reduction || $0 == .copy }
    for id in graph.nodes.indices where roles.roles[id] != .view {
      let shape = Clusters.iterationShape(id, roles)
      for view in roles.sources[id].map({ [$0.view] }) ?? graph[id].operands.map({ roles.views[$0] }) {
        let isElementwise = shape.map { Clusters.isRegister(view, in: $0, roles) } ?? false
        if !isElementwise { isStored[view.base] = true }
      }
    }
    for root in graph.roots { isStored[roles.base(root)] = true }
    return isStored
  }

  private static func isCheap(_ node: Graph.Node, _ role: Roles.Role) -> Bool {
    guard role == .elementwise else { return false }
    switch node.operation {
    case .unary(let unary): return [.negate, .absolute, .sign].contains(unary)
    case .binary(let binary): return ![.power, .divide].contains(binary)
    case .select: return true
    default: return false
    }
  }
}
