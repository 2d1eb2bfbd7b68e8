package import Tensors

/// A pass for libraries whose convolutions want channels in blocks: puts images into blocks where convolutions make them, and
/// keeps them so through the elementwise chains, reductions and pools that follow.
///
/// A block is a reshape and a transpose, so the passes after this one need not know of it; where two choices meet, the
/// transpose remains and becomes a copy.
package struct ChannelBlocking {
  /// Channels a block.
  let block: Int
  /// Whether the library has a kernel of a convolution, or of a gradient of one, for shapes with blocks. Default: of all.
  let hasKernel: (_ operation: Tensors.Operation, _ operands: [Shape], _ result: Shape) -> Bool
  /// Whether the library takes images of so many channels without blocks.
  let takesPlain: @Sendable (_ channels: Int) -> Bool

  package init(
    block: Int,
    hasKernel: @escaping (_ operation: Tensors.Operation, _ operands: [Shape], _ result: Shape) -> Bool = { _, _, _ in
      true
    },
    takesPlain: @escaping @Sendable (_ channels: Int) -> Bool
  ) {
    self.block = block
    self.hasKernel = hasKernel
    self.takesPlain = takesPlain
  }

  package func callAsFunction(_ graph: Graph) throws(VerificationError) -> Graph {
    var rewriter = ChannelBlockingRewriter(graph, self)
    let blocked = rewriter.rewrite()
    try blocked.verify(after: "channel blocking")
    return blocked
  }

  /// Images that can be in blocks.
  fileprivate func isBlockable(_ shape: Shape) -> Bool { shape.rank == 4 && shape[1] % block == 0 }

  /// Images in the form in which a convolution takes them.
  fileprivate func form(_ shape: Shape) -> Shape { shape.blockingChannels(by: block) ?? shape }

  /// Whether a node is a convolution, or a gradient of one, that the library computes with images in blocks.
  fileprivate func convolves(_ node: Graph.Node, _ operands: [Shape]) -> Bool {
    func isWanted(_ shape: Shape) -> Bool { isBlockable(shape) || takesPlain(shape[1]) }
    return switch node.operation {
    case .convolution:
      isWanted(operands[0]) && isBlockable(node.shape)
        && hasKernel(node.operation, [form(operands[0]), operands[1]], form(node.shape))
    case .convolutionInputGradient:
      isBlockable(operands[0]) && isWanted(node.shape)
        && hasKernel(node.operation, [form(operands[0]), operands[1]], form(node.shape))
    case .convolutionFilterGradient:
      isBlockable(operands[0]) && isWanted(operands[1]) && hasKernel(node.operation, operands.map(form), node.shape)
    default: false
    }
  }
}

/// Rewrites node by node; each node's value exists in one form, and in the other once something asks for it.
private struct ChannelBlockingRewriter {
  private let source: Graph
  private let pass: ChannelBlocking
  private let trace = Trace()
  private var plain: [Graph.ID: Value] = [:]
  private var blocked: [Graph.ID: Value] = [:]
  /// Whether a node is a convolution, or a gradient of one, with images in blocks.
  private let convolves: [Bool]
  /// Whether what follows a node, through elementwise chains, is something that wants blocks.
  private var isFollowedByBlocks: [Bool]

  init(_ source: Graph, _ pass: ChannelBlocking) {
    self.source = source
    self.pass = pass
    convolves = source.nodes.map { node in pass.convolves(node, node.operands.map { source[$0].shape }) }
    isFollowedByBlocks = Array(repeating: false, count: source.nodes.count)
    for (id, node) in source.nodes.enumerated().reversed() {
      let wants =
        switch node.operation {
        case .convolution, .convolutionInputGradient, .convolutionFilterGradient: convolves[id]
        case .unary, .binary, .select: isFollowedByBlocks[id]
        case .maxPool, .maxPoolGradient, .averagePool, .averagePoolGradient: isFollowedByBlocks[id]
        default: false
        }
      if wants { for operand in node.operands { isFollowedByBlocks[operand] = true } }
    }
  }

  mutating func rewrite() -> Graph {
    for (id, node) in source.nodes.enumerated() { place(id, node) }
    for output in source.outputs { trace.output(plainValue(output.node), as: output.name) }
    if let guardNode = source.guardNode { trace.guardAssignments(by: plainValue(guardNode)) }
    return trace.graph.declaring(inputs: source.inputs).removingDeadNodes()
  }

  // MARK: - The two forms

  private mutating func plainValue(_ id: Graph.ID) -> Value {
    if let value = plain[id] { return value }
    let node = source[id]
    let value: Value
    if case .broadcast = node.operation {
      value = trace.insert(.broadcast, [plainValue(node.operands[0]).id], node.shape)
    } else if let images = blocked[id] {
      value = images.transposed([0, 1, 4, 2, 3]).reshaped(node.shape)
    } else {
      return trace.constant(0).broadcast(to: node.shape)
    }
    plain[id] = value
    return value
  }

  private mutating func blockedValue(_ id: Graph.ID) -> Value {
    if let value = blocked[id] { return value }
    let shape = source[id].shape
    let value: Value
    if case .broadcast = source[id].operation {
      value = blockedBroadcast(of: source[id].operands[0], to: shape)
    } else {
      let split = plainValue(id).reshaped([shape[0], shape[1] / pass.block, pass.block, shape[2], shape[3]])
      value = split.transposed([0, 1, 3, 4, 2])
    }
    blocked[id] = value
    return value
  }

  private mutating func blockedBroadcast(of operand: Graph.ID, to shape: Shape) -> Value {
    let from = imageShape(source[operand].shape)
    let target = blockedShape(shape)
    if source[operand].shape.rank == 0 { return trace.insert(.broadcast, [plainValue(operand).id], target) }
    if from[1] == 1 {
      return plainValue(operand).reshaped([from[0], 1, from[2], from[3], 1]).broadcast(to: target)
    }
    if from[2] == 1, from[3] == 1 {
      return plainValue(operand).reshaped([from[0], from[1] / pass.block, 1, 1, pass.block]).broadcast(to: target)
    }
    return blockedValue(operand).broadcast(to: target)
  }

  /// A shape that is broadcast to images, with the axes that it lacks.
  private func imageShape(_ shape: Shape) -> Shape { Shape(Array(repeating: 1, count: 4 - shape.rank) + shape.sizes) }

  private func blockedShape(_ shape: Shape) -> Shape { pass.form(shape) }

  private func isBlockable(_ shape: Shape) -> Bool { pass.isBlockable(shape) }

  /// Whether the blocked form costs nothing: it is there, or is a small tensor repeated.
  private func isCheapBlocked(_ id: Graph.ID) -> Bool {
    if blocked[id] != nil { return true }
    guard case .broadcast = source[id].operation else { return false }
    return isCheapRepeated(source[source[id].operands[0]].shape)
  }

  /// Whether repeating a tensor of this shape over images in blocks moves no images: it is one a channel, or one for all.
  private func isCheapRepeated(_ shape: Shape) -> Bool {
    let from = imageShape(shape)
    return from[1] == 1 || from[2] == 1 && from[3] == 1
  }

  // MARK: - Nodes

  private mutating func place(_ id: Graph.ID, _ node: Graph.Node) {
    switch node.operation {
    case .broadcast where isBlockable(node.shape) && isCheapOrImages(node.operands[0]):
      break  // made in the form that its users want
    case .convolution where convolves[id]:
      let operands = [image(node.operands[0]), plainValue(node.operands[1])]
      blocked[id] = trace.insert(node.operation, operands.map(\.id), blockedShape(node.shape))
    case .convolutionInputGradient where convolves[id]:
      let operands = [blockedValue(node.operands[0]), plainValue(node.operands[1])]
      if isBlockable(node.shape) {
        blocked[id] = trace.insert(node.operation, operands.map(\.id), blockedShape(node.shape))
      } else {
        plain[id] = trace.insert(node.operation, operands.map(\.id), node.shape)
      }
    case .convolutionFilterGradient where convolves[id]:
      let operands = [blockedValue(node.operands[0]), image(node.operands[1])]
      plain[id] = trace.insert(node.operation, operands.map(\.id), node.shape)
    case .maxPool, .averagePool, .averagePoolGradient, .maxPoolGradient:
      if let images = node.operands.last, blocked[images] != nil {
        let operands = node.operands.map { blockedValue($0) }
        blocked[id] = trace.insert(node.operation, operands.map(\.id), blockedShape(node.shape))
      } else {
        insertPlain(id, node)
      }
    case .unary, .binary, .select:
      if isBlockable(node.shape), node.operands.contains(where: { blocked[$0] != nil }),
        isFollowedByBlocks[id] || node.operands.allSatisfy(isCheapBlocked)
      {
        let operands = node.operands.map { blockedValue($0) }
        blocked[id] = trace.insert(node.operation, operands.map(\.id), blockedShape(node.shape))
      } else {
        insertPlain(id, node)
      }
    case .reduce(let reduction, let axes):
      if let images = blocked[node.operands[0]], axes.contains(2), axes.contains(3) {
        let reduced = trace.insert(
          .reduce(reduction, axes: axes.contains(1) ? axes + [4] : axes), [images.id], images.shape)
        plain[id] = reduced.reshaped(node.shape)
      } else {
        insertPlain(id, node)
      }
    case .slice(let starts, let strides):
      if let images = blocked[node.operands[0]], node.shape[1] == source[node.operands[0]].shape[1] {
        let slice = Tensors.Operation.slice(starts: starts + [0], strides: strides + [1])
        blocked[id] = trace.insert(slice, [images.id], blockedShape(node.shape))
      } else {
        insertPlain(id, node)
      }
    default: insertPlain(id, node)
    }
  }

  private mutating func insertPlain(_ id: Graph.ID, _ node: Graph.Node) {
    let operands = node.operands.map { plainValue($0) }
    switch node.operation {
    case .input(let index): plain[id] = trace.input(source.inputs[index].name, node.shape)
    case .variable(let index): plain[id] = trace.variable(source.variables[index])
    case .assign(let index):
      trace.assign(operands[0], to: source.variables[index])
      plain[id] = operands[0]
    default: plain[id] = trace.insert(node.operation, operands.map(\.id), node.shape)
    }
  }

  /// Whether the blocked form of a broadcast can be made from this.
  private func isCheapOrImages(_ id: Graph.ID) -> Bool {
    source[id].shape.rank == 4 || isCheapRepeated(source[id].shape)
  }

  private mutating func image(_ id: Graph.ID) -> Value {
    isBlockable(source[id].shape) ? blockedValue(id) : plainValue(id)
  }
}
