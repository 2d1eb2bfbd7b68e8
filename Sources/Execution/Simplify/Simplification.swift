package import Tensors

extension Graph {
  /// The algebraic passes, each in its own file, until none finds anything more to do. Each also merges equal nodes.
  ///
  /// Tensors of `leastElements` or more are large: work on them is worth moving to smaller ones.
  package func simplified(leastElements: Int = SmallOperands.leastElements) throws(VerificationError) -> Graph {
    var graph = self
    // Each round moves work to smaller tensors or removes it; the bound guards against rules that undo each other.
    for _ in 0..<8 {
      let next = graph.foldingConstants().removingNeutralElements().foldingMoves().poolingFirst()
        .sinkingBroadcasts(leastElements: leastElements)
        .mergingFactors(leastElements: leastElements).hoistingFactors(leastElements: leastElements)
      if next.nodes == graph.nodes { break }
      graph = next
    }
    try graph.verify(as: .lowered, after: "simplification")
    return graph
  }
}
