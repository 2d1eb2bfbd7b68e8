package import Tensors

/// A graph ready to run: steps in order, and where every result lies.
///
/// The passes, in order: `Graph.lowered()`, `Graph.simplified()`, ``Roles``, ``Clusters``, the order of steps,
/// `fuseEpilogues()`, ``Narrowing``, storage, ``ArenaLayout``, `groupUpdates()`.
package struct Plan {
  /// What a step does.
  package enum Work {
    case loop(FusedLoop)
    /// Loops that change variables, of which none reads what another writes.
    case updates([FusedLoop])
    case library(Graph.ID)

    package var loops: [FusedLoop] {
      switch self {
      case .loop(let loop): [loop]
      case .updates(let loops): loops
      case .library: []
      }
    }
  }

  package struct Step {
    package let work: Work
    /// The nodes whose elements it computes into storage.
    package var writes: [Graph.ID]
    var changesVariables: Bool
    /// What a library's kernel does beside its node.
    var epilogue: Epilogue?
  }

  /// Where a node's elements lie.
  package enum Storage: Equatable {
    case arena(Int)
    case input(Int)
    case variable(Int)
    /// Filled once: the index tables of `iota`.
    case table(Graph.ID)
    /// Computed on the host in Float64 at each step.
    case number
  }

  package let graph: Graph
  let roles: Roles
  /// In the order in which they run.
  package internal(set) var steps: [Step] = []
  package var storage: [Graph.ID: Storage] = [:]
  /// Results that become a variable's value once all steps are done, because steps still read the old value.
  package private(set) var deferredAssignments: [(result: Graph.ID, variable: Int)] = []
  private(set) var arena = ArenaLayout([])
  private(set) var unsharedBytes = 0
  /// The nodes that read each variable.
  private let variableNodes: [[Graph.ID]]
  private var narrowing: Narrowing?

  package init(
    _ source: Graph, _ library: (any KernelLibrary)? = nil, _ precision: Precision = .float32
  ) throws(VerificationError) {
    try source.verify(as: .traced, after: "tracing")
    var lowered = try source.lowered().simplified()
    if precision == .bfloat16, library != nil { lowered = try lowered.copyingFactors() }
    graph = try library?.prepare(lowered) ?? lowered
    var roles = try Roles(graph)
    roles.inline(likelyStored: Clusters(roles).isReadElsewhere)
    self.roles = roles
    variableNodes = graph.variableNodes
    order(Clusters(roles))
    if let library { fuseEpilogues(library) }
    if precision == .bfloat16, let library { narrowing = Narrowing(roles, steps, library) }
    assignStorage()
    groupUpdates()
    assert(violation == nil, violation ?? "")
  }

  /// Whether a result is kept in bfloat16.
  func isNarrow(_ id: Graph.ID) -> Bool { narrowing?.isNarrow[id] ?? false }

  /// Bytes of each element of a result where it is kept.
  func elementSize(of id: Graph.ID) -> Int {
    isNarrow(id) ? MemoryLayout<UInt16>.size : ElementType.float32.size
  }

  // MARK: - The order of steps

  private mutating func order(_ clusters: Clusters) {
    let present = clusters.clusters.indices.filter { !clusters.clusters[$0].members.isEmpty }
    let changing = Set(present.filter { clusters.clusters[$0].members.contains(where: isAssignment) })
    // Updates come last, so that every other step sees the old values, and the guard is known.
    var waiting = present.sorted {
      (changing.contains($0) ? 1 : 0, clusters.clusters[$0].members[0])
        < (changing.contains($1) ? 1 : 0, clusters.clusters[$1].members[0])
    }
    var finished = BitSet()
    for index in clusters.clusters.indices where clusters.clusters[index].members.isEmpty { finished.insert(index) }
    var isNeeded = clusters.isReadElsewhere
    for id in graph.outputs.map(\.node) + (graph.guardNode.map { [$0] } ?? []) { isNeeded[roles.base(id)] = true }
    while let index = waiting.firstIndex(where: { clusters.isReady($0, after: finished) }) {
      let cluster = waiting.remove(at: index)
      finished.insert(cluster)
      steps.append(step(clusters.clusters[cluster], clusters, isNeeded, changes: changing.contains(cluster)))
    }
  }

  private func step(_ cluster: Clusters.Cluster, _ clusters: Clusters, _ isNeeded: [Bool], changes: Bool) -> Step {
    guard let shape = cluster.shape else {
      return Step(work: .library(cluster.members[0]), writes: cluster.members, changesVariables: false)
    }
    let readThroughStrides = Set(
      cluster.members.lazy.flatMap { clusters.reads[$0] }.filter { !Clusters.isRegister($0, in: shape, roles) }
        .map(\.base))
    let loop = FusedLoop(cluster.members, shape, roles) { id in
      isAssignment(id) || isNeeded[id] || readThroughStrides.contains(id)
    }
    return Step(
      work: .loop(loop), writes: loop.stores.map(\.target) + loop.reductions.map(\.result), changesVariables: changes)
  }

  private func isAssignment(_ id: Graph.ID) -> Bool { variableAssigned(by: id) != nil }

  private func variableAssigned(by id: Graph.ID) -> Int? {
    if case .assign(let variable) = graph[id].operation { variable } else { nil }
  }

  // MARK: - Storage

  /// The operands of a step that is a library's kernel of a node: the node's, then the epilogue's.
  func operands(of id: Graph.ID, in step: Step) -> [Graph.ID] {
    graph[id].operands + (step.epilogue?.operands ?? [])
  }

  /// The nodes that a step reads from storage.
  func reads(_ step: Step) -> [Graph.ID] {
    if case .library(let id) = step.work { return operands(of: id, in: step).map(roles.base) }
    return step.work.loops.flatMap { $0.loads.map(\.view.base) + $0.uniforms.map(\.base) }
  }

  private mutating func assignStorage() {
    var lastRead: [Graph.ID: Int] = [:]
    for (index, step) in steps.enumerated() {
      for id in reads(step) { lastRead[id] = index }
    }
    for id in graph.outputs.map(\.node) + (graph.guardNode.map { [$0] } ?? []) {
      lastRead[roles.base(id)] = steps.count
    }
    for (id, node) in graph.nodes.enumerated() {
      switch node.operation {
      case .input(let index) where roles.roles[id] == .source: storage[id] = .input(index)
      case .variable(let index): storage[id] = .variable(index)
      case .iota: storage[id] = .table(id)
      default: if roles.roles[id] == .hostScalar { storage[id] = .number }
      }
    }
    var allocations: [Allocation] = []
    for (index, step) in steps.enumerated() {
      var taken = Set<Graph.ID>()
      for id in step.writes {
        if let variable = variableAssigned(by: id) {
          if lastReader(of: variable, lastRead) < index || canOverwrite(variable, in: step, index, lastRead) {
            storage[id] = .variable(variable)
            continue
          }
          deferredAssignments.append((id, variable))
          lastRead[id] = steps.count
        }
        let bytes = graph[id].shape.elementCount * elementSize(of: id)
        unsharedBytes += ArenaLayout.rounded(bytes)
        if let reused = operandToOverwrite(id, step, index, lastRead, taken), case .arena(let slot)? = storage[reused] {
          taken.insert(reused)
          storage[id] = .arena(slot)
          allocations[slot].lastUse = max(index, lastRead[id] ?? index)
        } else {
          storage[id] = .arena(allocations.count)
          allocations.append(Allocation(bytes: bytes, firstUse: index, lastUse: lastRead[id] ?? index))
        }
      }
    }
    arena = ArenaLayout(allocations)
  }

  private func lastReader(of variable: Int, _ lastRead: [Graph.ID: Int]) -> Int {
    variableNodes[variable].reduce(-1) { max($0, lastRead[$1] ?? -1) }
  }

  /// Whether a step that is the variable's last reader may write its new value at once, element by element.
  private func canOverwrite(_ variable: Int, in step: Step, _ index: Int, _ lastRead: [Graph.ID: Int]) -> Bool {
    guard case .loop(let loop) = step.work, lastReader(of: variable, lastRead) == index else { return false }
    return variableNodes[variable].allSatisfy { isReadInOrder($0, by: loop) }
  }

  func isReadInOrder(_ id: Graph.ID, by loop: FusedLoop) -> Bool {
    loop.loads.allSatisfy { $0.view.base != id || $0.view.offset == 0 && loop.isInOrder($0) }
      && loop.uniforms.allSatisfy { $0.base != id }
  }

  /// An operand of a loop that nothing reads afterwards and that lies in the same order: the result may take its place.
  private func operandToOverwrite(
    _ id: Graph.ID, _ step: Step, _ index: Int, _ lastRead: [Graph.ID: Int], _ taken: Set<Graph.ID>
  ) -> Graph.ID? {
    guard case .loop(let loop) = step.work, roles.roles[id] != .reduction else { return nil }
    return loop.loads.lazy.map(\.view.base).first { base in
      guard case .arena? = storage[base], lastRead[base] == index, !taken.contains(base),
        graph[base].shape.elementCount == loop.elementCount, isNarrow(base) == isNarrow(id)
      else { return false }
      return isReadInOrder(base, by: loop)
    }
  }
}

extension Graph {
  fileprivate var variableNodes: [[ID]] {
    var readers: [[ID]] = variables.map { _ in [] }
    for (id, node) in nodes.enumerated() {
      if case .variable(let index) = node.operation { readers[index].append(id) }
    }
    return readers
  }
}
