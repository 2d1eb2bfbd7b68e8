package import Tensors

extension Graph {
  /// The algebraic passes, each in its own file, one after the other until none finds anything more to do.
  ///
  /// Tensors of `leastElements` or more are large: work on them is worth moving to smaller ones.
  package func simplified(leastElements: Int = SmallOperands.leastElements) throws(VerificationError) -> Graph {
    let passes: [(Graph) -> Graph] = [
      { $0.foldingConstants() }, { $0.removingNeutralElements() }, { $0.foldingMoves() }, { $0.poolingFirst() },
      { $0.sinkingBroadcasts(leastElements: leastElements) }, { $0.mergingFactors(leastElements: leastElements) },
      { $0.hoistingFactors(leastElements: leastElements) },
    ]
    var graph = mergingEqualNodes()
    var idle = 0
    // Each pass moves work to smaller tensors or removes it; the bound guards against rules that undo each other.
    for pass in Array(repeating: passes, count: 8).joined() {
      let next = pass(graph)
      idle = next.nodes == graph.nodes ? idle + 1 : 0
      if idle == passes.count { break }
      graph = next
    }
    try graph.verify(as: .lowered, after: "simplification")
    return graph
  }
}
