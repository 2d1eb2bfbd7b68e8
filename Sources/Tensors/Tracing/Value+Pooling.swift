extension Value {
  public func averagePool(_ window: Window) -> Value { trace.insert(.averagePool(window), [id], shape) }

  /// The greatest value under a window slid over images.
  ///
  /// What never turns the order of two pixels around is done to the winners alone: max(x + b, 0) is pooled as x. That is
  /// the same number, for as many fewer elements as the window has, in both directions.
  public func maxPool(_ window: Window) -> Value {
    guard shape.rank == 4, let (before, after) = orderKeepingStep else {
      return trace.insert(.maxPool(window), [id], shape)
    }
    return after(before.maxPool(window))
  }

  /// The value that this is a non-decreasing function of, the same function for all pixels of a channel, and the function.
  private var orderKeepingStep: (before: Value, after: (Value) -> Value)? {
    let node = trace.graph[id]
    let operands = node.operands.map(trace.value)
    switch node.operation {
    case .unary(let unary) where [.tanh, .sigmoid, .exponential].contains(unary):
      return (operands[0], { $0.unary(unary) })
    case .binary(let binary) where [.add, .maximum, .minimum].contains(binary):
      if let number = operands[1].ofEachChannel { return (operands[0], { $0.binary(binary, number) }) }
      if let number = operands[0].ofEachChannel { return (operands[1], { number.binary(binary, $0) }) }
      return nil
    case .binary(.subtract): return operands[1].ofEachChannel.map { number in (operands[0], { $0 - number }) }
    default: return nil
    }
  }

  /// What was repeated over the pixels of images to make this; nil if anything else was done.
  private var ofEachChannel: Value? {
    guard case .broadcast = trace.graph[id].operation else { return nil }
    let source = trace.value(trace.graph[id].operands[0])
    return source.shape.sizes.suffix(2).allSatisfy { $0 == 1 } ? source : nil
  }
}
