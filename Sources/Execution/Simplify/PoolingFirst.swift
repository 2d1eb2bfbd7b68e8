package import Tensors

extension Graph {
  /// A pass: the greatest values are taken before steps that keep the order of pixels, which then are done to the winners
  /// alone: as many times fewer numbers as the window has pixels, forward and backward.
  ///
  /// Of images %x [1, 1, 4, 4] with a number %b a channel, forward:
  ///
  ///     %2 [1, 1, 4, 4] = add(%x, %b)                 %2 [1, 1, 2, 2] = max-pool 2×2 (%x)
  ///     %3 [1, 1, 4, 4] = maximum(%2, 0)     becomes  %3 [1, 1, 2, 2] = add(%2, %b)
  ///     %4 [1, 1, 2, 2] = max-pool 2×2 (%3)           %4 [1, 1, 2, 2] = maximum(%3, 0)
  ///
  /// And backward, for a gradient %g [1, 1, 2, 2], which reaches the winners and is 0 at all other pixels:
  ///
  ///     %5 [1, 1, 4, 4] = max-pool-gradient(%g, %3)            %5 [1, 1, 2, 2] = select(less(0, %4), %g, 0)
  ///     %6 [1, 1, 4, 4] = select(less(0, %3), %5, 0)  becomes  %6 [1, 1, 4, 4] = max-pool-gradient(%5, %x)
  ///     %7 [1, 1, 1, 1] = sum over [2, 3](%6)                  %7 [1, 1, 1, 1] = sum over [2, 3](%5)
  ///
  /// The numbers are the same but for the order of sums, unless factors of a gradient are NaN or infinite at pixels that do
  /// not win. Where several pixels of a window share the maximum after the steps and not before, the gradient goes to the
  /// greatest before: to another of them, and for relu none of these passes any on.
  package func poolingFirst() -> Graph {
    guard nodes.contains(where: { if case .maxPool = $0.operation { true } else { false } }) else { return self }
    var pass = PoolingFirst(graph: self)
    return rewritten { rewriter, id in pass.replacement(of: id, &rewriter) }
  }
}

private struct PoolingFirst {
  /// Images of the graph, before the steps that keep their order, under a window.
  private struct Pool: Hashable {
    let images: Graph.ID
    let window: Window
    /// Of the winners.
    let shape: Shape
  }

  let graph: Graph
  /// By node that is a gradient of a pool's images, zero but at the winners: the pool, and the gradient of the winners.
  private var gradients: [Graph.ID: (pool: Pool, ofWinners: Graph.ID)] = [:]
  /// By pool and node that is a function of its images, pixel by pixel: its values at the winners; nil of any other node.
  private var winners: [Pool: [Graph.ID: Graph.ID?]] = [:]

  init(graph: Graph) { self.graph = graph }

  mutating func replacement(of id: Graph.ID, _ rewriter: inout GraphRewriter) -> Graph.ID? {
    let node = graph[id]
    switch node.operation {
    case .maxPool(let window):
      guard let pool = pool(of: node.operands[0], window, node.shape) else { return nil }
      return atWinners(of: pool, node.operands[0], &rewriter)
    case .maxPoolGradient(let window):
      guard let pool = pool(of: node.operands[1], window, graph[node.operands[0]].shape) else { return nil }
      return spread(rewriter.image(of: node.operands[0]), over: pool, as: id, &rewriter)
    case .binary, .select: return gradientStep(id, node, &rewriter)
    case .reduce(.sum, let axes):
      // Each winner's gradient is at one pixel.
      guard let (_, gradient) = gradients[node.operands[0]], axes.contains(2), axes.contains(3) else { return nil }
      return rewriter.insert(node.operation, [gradient], node.shape)
    default: return nil
    }
  }

  // MARK: - Forward

  /// Nil where a window may see no pixel at all.
  private func pool(of images: Graph.ID, _ window: Window, _ shape: Shape) -> Pool? {
    guard window.dilation == .init(1) else { return nil }
    var images = images
    while let earlier = operandWhoseOrderIsKept(by: images) { images = earlier }
    return Pool(images: images, window: window, shape: shape)
  }

  /// The operand of which a node is a non-decreasing function, the same for all pixels of a channel; nil if there is none.
  private func operandWhoseOrderIsKept(by id: Graph.ID) -> Graph.ID? {
    let operands = graph[id].operands
    switch graph[id].operation {
    case .unary(.tanh), .unary(.sigmoid), .unary(.exponential): return operands[0]
    case .binary(.add), .binary(.maximum), .binary(.minimum):
      return isOfEachChannel(operands[1]) ? operands[0] : isOfEachChannel(operands[0]) ? operands[1] : nil
    case .binary(.subtract): return isOfEachChannel(operands[1]) ? operands[0] : nil
    default: return nil
    }
  }

  /// Whether a node repeats one number for each channel, or fewer, over the pixels of images.
  private func isOfEachChannel(_ id: Graph.ID) -> Bool {
    guard case .broadcast = graph[id].operation else { return false }
    return graph[graph[id].operands[0]].shape.sizes.suffix(2).allSatisfy { $0 == 1 }
  }

  private mutating func atWinners(of pool: Pool, _ id: Graph.ID, _ rewriter: inout GraphRewriter) -> Graph.ID? {
    if let known = winners[pool]?[id] { return known }
    let value = newValueAtWinners(of: pool, id, &rewriter)
    winners[pool, default: [:]][id] = .some(value)
    return value
  }

  private mutating func newValueAtWinners(
    of pool: Pool, _ id: Graph.ID, _ rewriter: inout GraphRewriter
  ) -> Graph.ID? {
    let node = graph[id]
    if id == pool.images { return rewriter.insert(.maxPool(pool.window), [rewriter.image(of: id)], pool.shape) }
    if isOfEachChannel(id) { return rewriter.broadcast(rewriter.image(of: node.operands[0]), to: pool.shape) }
    switch node.operation {
    case .unary, .binary, .select:
      var operands: [Graph.ID] = []
      for operand in node.operands {
        guard let value = atWinners(of: pool, operand, &rewriter) else { return nil }
        operands.append(value)
      }
      return rewriter.insert(node.operation, operands, pool.shape)
    default: return nil
    }
  }

  // MARK: - Backward

  private mutating func spread(
    _ gradient: Graph.ID, over pool: Pool, as id: Graph.ID, _ rewriter: inout GraphRewriter
  ) -> Graph.ID {
    gradients[id] = (pool, gradient)
    return rewriter.insert(
      .maxPoolGradient(pool.window), [gradient, rewriter.image(of: pool.images)], graph[pool.images].shape)
  }

  /// A gradient times a function of the images, pixel by pixel: the same of the winners, then spread. Factors that are one
  /// number a channel stay: the passes after this one merge them with others.
  private mutating func gradientStep(
    _ id: Graph.ID, _ node: Graph.Node, _ rewriter: inout GraphRewriter
  ) -> Graph.ID? {
    guard let position = node.operands.firstIndex(where: { gradients[$0] != nil }),
      isZero(node, whereZeroAt: position), let (pool, gradient) = gradients[node.operands[position]]
    else { return nil }
    let others = node.operands.indices.filter { $0 != position }
    guard others.contains(where: { !isOfEachChannel(node.operands[$0]) }) else { return nil }
    var operands: [Graph.ID] = []
    for (index, operand) in node.operands.enumerated() {
      guard let value = index == position ? gradient : atWinners(of: pool, operand, &rewriter) else { return nil }
      operands.append(value)
    }
    return spread(rewriter.insert(node.operation, operands, pool.shape), over: pool, as: id, &rewriter)
  }

  /// Whether an elementwise node is 0 wherever one of its operands is.
  private func isZero(_ node: Graph.Node, whereZeroAt position: Int) -> Bool {
    switch node.operation {
    case .binary(.multiply): true
    case .binary(.divide): position == 0
    case .select: position > 0 && graph.constant(node.operands[3 - position]) == 0
    default: false
    }
  }
}
