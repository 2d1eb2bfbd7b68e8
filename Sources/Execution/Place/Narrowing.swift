import Tensors

/// Which results a plan keeps in bfloat16. Three things must hold: a loop, a pool, or a product that the library computes in
/// bfloat16 makes the result; such a product reads it, or it is images in blocks; and whatever reads it can read bfloat16.
///
///     %2 [8, 64] = tanh(%0)                  bfloat16: a loop makes it, a product reads it
///     %3 [8, 64] = matmul(%2, %w)            bfloat16: a product makes it, another reads it
///     %4 [8, 64] = matmul(%3, %w)            Float32: only a loop reads it
///     %5 [8, 1] = sum over [1](%4)           Float32: sums keep their digits
struct Narrowing {
  private(set) var isNarrow: [Bool]

  init(_ roles: Roles, _ steps: [Plan.Step], _ library: any KernelLibrary) {
    let graph = roles.graph
    isNarrow = Array(repeating: false, count: graph.nodes.count)
    func operands(_ id: Graph.ID) -> [Graph.ID] { graph[id].operands.map(roles.base) }
    var products = Set<Graph.ID>()
    var wanted = Set<Graph.ID>()
    var makes = Set<Graph.ID>()
    for step in steps {
      switch step.work {
      case .loop, .updates: makes.formUnion(step.writes.filter { canKeep($0, roles) })
      case .library(let id):
        if graph[id].operation.isPool { makes.insert(id) }
        guard graph[id].operation.isProduct,
          library.multipliesNarrow(graph[id], operands: graph[id].operands.map { graph[$0].stored })
        else { continue }
        products.insert(id)
        wanted.formUnion(operands(id))
        makes.formUnion(step.writes.filter { canKeep($0, roles) })
      }
    }
    for id in makes where wanted.contains(id) || isOfImagesInBlocks(id, graph) { isNarrow[id] = true }

    for step in steps {
      switch step.work {
      case .loop, .updates: for view in step.work.loops.flatMap(\.uniforms) { isNarrow[view.base] = false }
      case .library(let id):
        guard !graph[id].operation.isPool, !products.contains(id) else { continue }
        for operand in operands(id) { isNarrow[operand] = false }
      }
    }
    for root in graph.roots { isNarrow[roles.base(root)] = false }
  }
}

/// Whether a node is images in blocks, or a copy of such.
private func isOfImagesInBlocks(_ id: Graph.ID, _ graph: Graph) -> Bool {
  if case .relayout = graph[id].operation { return graph[graph[id].operands[0]].layout != .rowMajor }
  return graph[id].layout != .rowMajor
}

/// Sums over a batch, and what a variable becomes, stay Float32.
private func canKeep(_ id: Graph.ID, _ roles: Roles) -> Bool {
  switch roles.graph[id].operation {
  case .assign, .convolutionFilterGradient: false
  default: roles.roles[id] != .reduction && roles.graph[id].shape.elementCount > 0
  }
}

extension Tensors.Operation {
  var isProduct: Bool {
    switch self {
    case .matmul, .convolution, .convolutionInputGradient, .convolutionFilterGradient: true
    default: false
    }
  }

  var isPool: Bool {
    switch self {
    case .maxPool, .maxPoolGradient, .averagePool, .averagePoolGradient: true
    default: false
    }
  }
}
