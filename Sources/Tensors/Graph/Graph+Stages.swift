extension Graph {
  /// How far planning has come with a graph. Each stage has a table of its own of the nodes that are legal in it; the
  /// verifier applies it after every pass.
  public enum Stage: String, Sendable, CaseIterable {
    /// What formulas say, word for word.
    case traced
    /// Written with what loops and kernels compute alone.
    case lowered
    /// Layouts are chosen, and copies that kernels need stand as nodes.
    case planned
  }

  /// Why a graph of this stage may not have a node; nil if it may.
  func objection(to node: Node, at stage: Stage) -> String? {
    if !node.operation.isLegal(at: stage) { return "no \(stage) graph has such a node" }
    if stage != .planned, node.layout != .rowMajor { return "a \(stage) graph has no layouts" }
    return nil
  }
}

extension Operation {
  /// Whether graphs of the stage may have this primitive.
  fileprivate func isLegal(at stage: Graph.Stage) -> Bool {
    switch self {
    case .detach, .normalize: stage == .traced
    case .relayout: stage == .planned
    case .input, .variable, .constant, .iota, .random, .unary, .binary, .select, .reduce, .argumentOfMaximum, .reshape,
      .broadcast, .transpose, .slice, .pad, .concatenate, .gatherRows, .scatterRows, .matmul, .convolution,
      .convolutionInputGradient, .convolutionFilterGradient, .maxPool, .maxPoolGradient, .averagePool,
      .averagePoolGradient, .assign:
      true
    }
  }
}
