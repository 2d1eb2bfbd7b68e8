import Tensors

extension Graph {
  /// A pass before bfloat16: what a matrix product reads of variables and inputs, which are Float32, it reads of a copy, so
  /// that all products of a step share one conversion.
  func copyingFactors() throws(VerificationError) -> Graph {
    let copied = rewritten { rewriter, id in
      let node = nodes[id]
      guard case .matmul = node.operation else { return nil }
      let factors = node.operands.map { factor in
        let image = rewriter.image(of: factor)
        return nodes[factor].operation.isWide ? rewriter.insert(.relayout, [image], nodes[factor].shape) : image
      }
      return rewriter.insert(node.operation, factors, node.shape)
    }
    try copied.verify(as: .planned, after: "copying factors")
    return copied
  }
}

extension Tensors.Operation {
  /// Whether the result is Float32 memory that exists before the step.
  fileprivate var isWide: Bool {
    switch self {
    case .variable, .input: true
    default: false
    }
  }
}
