import Tensors

/// Which nodes are computed together: the third pass.
///
/// Elementwise nodes, copies and reductions of one iteration shape share a loop, as long as no node outside lies on a path
/// from one member to another. Every other computed node is alone.
///
///     %2 [8, 4] = matmul(%0, %1)       cluster 0: a kernel
///     %3 [8, 4] = tanh(%2)             cluster 1: a loop over [8, 4], which waits for cluster 0
///     %4 [8, 4] = multiply(%3, %3)     cluster 1: it reads %3 in a register
///     %5 [8, 1] = sum over [1](%4)     cluster 1: a reduction of the same loop
///     %6 [8, 4] = broadcast(%5)        a view of the sums
///     %7 [8, 4] = divide(%4, %6)       cluster 2: it needs whole sums, which are there when cluster 1 is done
package struct Clusters {
  struct Cluster {
    var members: [Graph.ID]
    /// The shape that the loop runs over; nil for a kernel of its own.
    var shape: Shape?
  }

  /// More would not fit the tiles of a loop into the first-level cache.
  static let maximumMembers = 96

  private(set) var clusters: [Cluster] = []
  package var clusterOfNode: [Int?]
  /// The views through which each node, and what is inlined into it, reads.
  let reads: [[View]]
  /// All clusters that must be finished before each begins.
  private var ancestors: [BitSet] = []
  private var merged: [Int: Int] = [:]
  private let roles: Roles

  /// - Complexity: O(*n*·*m*/64) for *n* nodes in *m* clusters: sets of clusters are bit sets.
  package init(_ roles: Roles) {
    self.roles = roles
    clusterOfNode = Array(repeating: nil, count: roles.graph.nodes.count)
    reads = Self.reads(roles)
    for id in roles.graph.nodes.indices { place(id) }
    mergeReadersOfTheSame()
    assert(violation == nil, violation ?? "")
  }

  /// The invariant: clusters that wait for each other, so that no order computes them; nil if there are none.
  package var violation: String? {
    var waitsFor: [Int: Set<Int>] = [:]
    for (id, cluster) in clusterOfNode.enumerated() {
      guard let cluster else { continue }
      let others = reads[id].compactMap { clusterOfNode[$0.base] }.filter { $0 != cluster }
      waitsFor[cluster, default: []].formUnion(others)
    }
    while let ready = waitsFor.first(where: { $0.value.isEmpty })?.key {
      waitsFor[ready] = nil
      for cluster in waitsFor.keys { waitsFor[cluster]?.remove(ready) }
    }
    return waitsFor.isEmpty ? nil : "clusters \(waitsFor.keys.sorted()) wait for each other"
  }

  /// The shape that a node's loop runs over; nil if it is in no loop.
  static func iterationShape(_ id: Graph.ID, _ roles: Roles) -> Shape? {
    switch roles.roles[id] {
    case .elementwise: roles.graph[id].stored.memory
    case .copy: roles.sources[id]?.axes
    case .reduction: roles.graph[roles.graph[id].operands[0]].stored.memory
    default: nil
    }
  }

  /// The views through which a node reads its operands.
  static func operands(of id: Graph.ID, _ roles: Roles) -> [View] {
    roles.sources[id].map { [$0.view] } ?? roles.graph[id].operands.map { roles.views[$0] }
  }

  private static func reads(_ roles: Roles) -> [[View]] {
    var reads: [[View]] = []
    reads.reserveCapacity(roles.graph.nodes.count)
    for id in roles.graph.nodes.indices {
      reads.append(operands(of: id, roles).flatMap { roles.isInlined($0.base) ? reads[$0.base] : [$0] })
    }
    return reads
  }

  /// The nodes with those that are inlined into them, in order.
  static func withInlined(_ members: [Graph.ID], _ roles: Roles) -> [Graph.ID] {
    var all = Set<Graph.ID>()
    func add(_ id: Graph.ID) {
      guard all.insert(id).inserted else { return }
      for view in operands(of: id, roles) where roles.isInlined(view.base) { add(view.base) }
    }
    members.forEach(add)
    return all.sorted()
  }

  /// Whether a loop over `shape` that computes `view.base` can hand it over in a register.
  static func isRegister(_ view: View, in shape: Shape, _ roles: Roles) -> Bool {
    let role = roles.roles[view.base]
    return (role == .elementwise || role == .copy) && iterationShape(view.base, roles) == shape
      && view == View(of: view.base, shape)
  }

  /// Whether all that a cluster waits for is among these.
  func isReady(_ cluster: Int, after finished: BitSet) -> Bool { ancestors[cluster].isSubset(of: finished) }

  /// By node: whether another cluster, or a view that any may read, takes its elements from storage.
  var isReadElsewhere: [Bool] {
    var isRead = Array(repeating: false, count: clusterOfNode.count)
    for (id, views) in reads.enumerated() {
      for view in views where clusterOfNode[view.base] != clusterOfNode[id] { isRead[view.base] = true }
    }
    return isRead
  }

  private mutating func place(_ id: Graph.ID) {
    let role = roles.roles[id]
    guard role == .elementwise || role == .copy || role == .reduction || role == .library, !roles.isInlined(id) else {
      return
    }
    let shape = Self.iterationShape(id, roles)
    let reads = reads[id].compactMap { view in
      clusterOfNode[view.base].map {
        (cluster: $0, isRegister: shape.map { Self.isRegister(view, in: $0, roles) } ?? false)
      }
    }
    var home: Int?
    for read in reads where read.isRegister {
      let candidate = current(read.cluster)
      if let target = home, target != candidate {
        if canMerge(target, candidate), canJoin(target, reads.filter { current($0.cluster) != candidate }) {
          merge(candidate, into: target)
        }
      } else if canJoin(candidate, reads) {
        home = candidate
      }
    }
    let cluster = home ?? makeCluster(shape)
    clusters[cluster].members.append(id)
    clusterOfNode[id] = cluster
    for read in self.reads[id].compactMap({ clusterOfNode[$0.base] }) where read != cluster {
      depend(cluster, on: read)
    }
  }

  private mutating func makeCluster(_ shape: Shape?) -> Int {
    clusters.append(Cluster(members: [], shape: shape))
    ancestors.append(BitSet())
    return clusters.count - 1
  }

  /// Whether a node with these reads may join: what it reads of the cluster is in registers, and nothing else that it reads
  /// waits for the cluster.
  private func canJoin(_ cluster: Int, _ reads: [(cluster: Int, isRegister: Bool)]) -> Bool {
    clusters[cluster].members.count < Self.maximumMembers
      && reads.allSatisfy { read in
        let other = current(read.cluster)
        return other == cluster ? read.isRegister : !ancestors[other].contains(cluster)
      }
  }

  private func canMerge(_ a: Int, _ b: Int) -> Bool {
    clusters[a].shape == clusters[b].shape && clusters[a].shape != nil && !ancestors[a].contains(b)
      && !ancestors[b].contains(a) && clusters[a].members.count + clusters[b].members.count < Self.maximumMembers
  }

  private mutating func merge(_ cluster: Int, into target: Int) {
    for id in clusters[cluster].members { clusterOfNode[id] = target }
    clusters[target].members = (clusters[target].members + clusters[cluster].members).sorted()
    clusters[cluster].members = []
    merged[cluster] = target
    ancestors[target].formUnion(ancestors[cluster])
    for other in clusters.indices where ancestors[other].contains(cluster) || ancestors[other].contains(target) {
      ancestors[other].insert(target)
      ancestors[other].formUnion(ancestors[target])
    }
  }

  private mutating func depend(_ cluster: Int, on other: Int) {
    guard !ancestors[cluster].contains(other) else { return }
    ancestors[cluster].insert(other)
    ancestors[cluster].formUnion(ancestors[other])
    for later in clusters.indices where ancestors[later].contains(cluster) {
      ancestors[later].formUnion(ancestors[cluster])
    }
  }

  /// Loops over one shape that read the same large operand become one, so that it travels through the cache once.
  private mutating func mergeReadersOfTheSame() {
    var readers: [Graph.ID: [Int]] = [:]
    for (index, cluster) in clusters.enumerated() {
      guard let shape = cluster.shape else { continue }
      for view in cluster.members.flatMap({ reads[$0] })
      where clusterOfNode[view.base] != index && view == View(of: view.base, shape)
        && roles.roles[view.base] != .hostScalar
      {
        readers[view.base, default: []].append(index)
      }
    }
    for base in readers.keys.sorted() {
      for (first, second) in zip(readers[base] ?? [], (readers[base] ?? []).dropFirst()) {
        let (a, b) = (current(first), current(second))
        if a != b, canMerge(a, b) { merge(b, into: a) }
      }
    }
  }

  /// The cluster that now holds what another held before merging.
  private func current(_ cluster: Int) -> Int {
    merged[cluster].map(current) ?? cluster
  }
}
