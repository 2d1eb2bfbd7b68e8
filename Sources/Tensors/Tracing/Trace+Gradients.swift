/// A value whose gradient has no expression.
public struct GradientError: Error, Sendable, CustomStringConvertible {
  public let description: String
}

extension Trace {
  /// The gradients of `value`'s sum with respect to other values, each in its value's shape; zeros where there is none.
  ///
  /// Reverse accumulation over the trace: each node passes the gradient of its result on to its operands by the table in
  /// `Derivatives.swift`. The gradients are nodes as any other, so that they can be differentiated again.
  public func gradients(of value: Value, withRespectTo targets: [Value]) throws(GradientError) -> [Value] {
    let last = value.id
    var depends = Array(repeating: false, count: last + 1)
    for target in targets where target.id <= last { depends[target.id] = true }
    for id in 0...last where !depends[id] {
      depends[id] = graph[id].operands.contains { depends[$0] }
    }
    var gradients: [Graph.ID: Value] = [last: constant(1).broadcast(to: value.shape)]
    for id in (0...last).reversed() where depends[id] {
      guard let gradient = gradients[id], !targets.contains(where: { $0.id == id && graph[id].operands.isEmpty }) else {
        continue
      }
      let node = graph[id]
      let operands = node.operands.map(self.value)
      let passed = try node.operation.operandGradients(
        of: self.value(id), operands: operands, gradient: gradient, needed: node.operands.map { depends[$0] })
      for (operand, contribution) in zip(node.operands, passed) where depends[operand] {
        guard let contribution else { continue }
        gradients[operand] = gradients[operand].map { $0 + contribution } ?? contribution
      }
    }
    return targets.map { gradients[$0.id] ?? constant(0).broadcast(to: $0.shape) }
  }
}
