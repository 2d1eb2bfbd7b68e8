package import Tensors

/// A pass for libraries whose convolutions want channels in blocks: gives images that layout where convolutions make them, and
/// keeps it through the elementwise chains, reductions and pools that follow. Where two layouts meet, a `relayout` stands.
///
///     %2 [8, 16, 4, 4] = convolution(%0, %1)     %3 [8, 16, 4, 4] in blocks of 16 = convolution(%2, %1)
///     %3 [8, 16, 4, 4] = tanh(%2)            →   %4 [8, 16, 4, 4] in blocks of 16 = tanh(%3)
///     return y: %3                               %5 [8, 16, 4, 4] = relayout(%4)
///                                                return y: %5
package struct ChannelBlocking {
  /// Whether the library has a kernel of a convolution, or of a gradient of one, for operands and result that lie so.
  package typealias KernelTest = (
    _ operation: Tensors.Operation, _ operands: [StoredShape], _ result: StoredShape
  ) -> Bool

  /// Channels a block.
  let block: Int
  let hasKernel: KernelTest
  /// Whether the library takes images of so many channels without blocks.
  let takesPlain: @Sendable (_ channels: Int) -> Bool

  /// - Parameters:
  ///   - block: how many channels lie together.
  ///   - hasKernel: default: of all.
  ///   - takesPlain: whether kernels read plain images of so many channels.
  package init(
    block: Int, hasKernel: @escaping KernelTest = { _, _, _ in true },
    takesPlain: @escaping @Sendable (_ channels: Int) -> Bool
  ) {
    self.block = block
    self.hasKernel = hasKernel
    self.takesPlain = takesPlain
  }

  package func callAsFunction(_ graph: Graph) throws(VerificationError) -> Graph {
    var blocking = BlockedImages(graph, self)
    let blocked = graph.rewritten { rewriter, id in blocking.place(id, &rewriter) }
    try blocked.verify(as: .planned, after: "channel blocking")
    return blocked
  }

  fileprivate var layout: Layout { .channelBlocks(block) }

  /// Images that can be in blocks.
  fileprivate func isBlockable(_ shape: Shape) -> Bool { layout.fits(shape) }

  /// Images as a convolution takes them.
  fileprivate func form(_ shape: Shape) -> StoredShape { StoredShape(shape, isBlockable(shape) ? layout : .rowMajor) }

  /// Whether a node is a convolution, or a gradient of one, that the library computes with images in blocks.
  fileprivate func convolves(_ node: Graph.Node, _ operands: [Shape]) -> Bool {
    func isWanted(_ shape: Shape) -> Bool { isBlockable(shape) || takesPlain(shape[1]) }
    return switch node.operation {
    case .convolution:
      isWanted(operands[0]) && isBlockable(node.shape)
        && hasKernel(node.operation, [form(operands[0]), StoredShape(operands[1])], form(node.shape))
    case .convolutionInputGradient:
      isBlockable(operands[0]) && isWanted(node.shape)
        && hasKernel(node.operation, [form(operands[0]), StoredShape(operands[1])], form(node.shape))
    case .convolutionFilterGradient:
      isBlockable(operands[0]) && isWanted(operands[1])
        && hasKernel(node.operation, operands.map(form), StoredShape(node.shape))
    default: false
    }
  }
}

/// Which nodes of a graph are in blocks. Every node has a row-major image too: a `relayout`, which goes if nothing needs it.
private struct BlockedImages {
  private let source: Graph
  private let pass: ChannelBlocking
  /// By node: its image in blocks, where it has one.
  private var blocked: [Graph.ID: Graph.ID] = [:]
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

  // MARK: - The two layouts

  /// Inserts a node in blocks; returns its row-major image.
  private mutating func insertBlocked(
    _ id: Graph.ID, _ operation: Tensors.Operation, _ operands: [Graph.ID], _ rewriter: inout GraphRewriter
  ) -> Graph.ID {
    let shape = source[id].shape
    let image = rewriter.insert(operation, operands, shape, pass.layout)
    blocked[id] = image
    return rewriter.insert(.relayout, [image], shape)
  }

  /// A node's image in blocks.
  private mutating func inBlocks(_ id: Graph.ID, _ rewriter: inout GraphRewriter) -> Graph.ID {
    if let image = blocked[id] { return image }
    let node = source[id]
    let image: Graph.ID
    if case .broadcast = node.operation {
      let operand = node.operands[0]
      let isRowMajor = isCheapRepeated(source[operand].shape) || !pass.isBlockable(source[operand].shape)
      let repeated = isRowMajor ? rewriter.image(of: operand) : inBlocks(operand, &rewriter)
      image = rewriter.insert(.broadcast, [repeated], node.shape, pass.layout)
    } else {
      image = rewriter.insert(.relayout, [rewriter.image(of: id)], node.shape, pass.layout)
    }
    blocked[id] = image
    return image
  }

  /// A convolution's images as its kernel takes them.
  private mutating func form(_ id: Graph.ID, _ rewriter: inout GraphRewriter) -> Graph.ID {
    pass.isBlockable(source[id].shape) ? inBlocks(id, &rewriter) : rewriter.image(of: id)
  }

  /// Whether an image in blocks costs nothing: it is there, or is a small tensor repeated.
  private func isCheapInBlocks(_ id: Graph.ID) -> Bool {
    if blocked[id] != nil { return true }
    guard case .broadcast = source[id].operation else { return false }
    return isCheapRepeated(source[source[id].operands[0]].shape)
  }

  /// Whether repeating a tensor of this shape over images in blocks moves no images: it is one a channel, or one for all.
  private func isCheapRepeated(_ shape: Shape) -> Bool {
    let sizes = Array(repeating: 1, count: 4 - shape.rank) + shape.sizes
    return sizes[1] == 1 || sizes[2] == 1 && sizes[3] == 1
  }

  // MARK: - Nodes

  /// A node's row-major image; nil for a node that stays as it is.
  mutating func place(_ id: Graph.ID, _ rewriter: inout GraphRewriter) -> Graph.ID? {
    let node = source[id]
    switch node.operation {
    case .convolution where convolves[id]:
      let operands = [form(node.operands[0], &rewriter), rewriter.image(of: node.operands[1])]
      return insertBlocked(id, node.operation, operands, &rewriter)
    case .convolutionInputGradient where convolves[id]:
      let operands = [inBlocks(node.operands[0], &rewriter), rewriter.image(of: node.operands[1])]
      return pass.isBlockable(node.shape)
        ? insertBlocked(id, node.operation, operands, &rewriter)
        : rewriter.insert(node.operation, operands, node.shape)
    case .convolutionFilterGradient where convolves[id]:
      let operands = [inBlocks(node.operands[0], &rewriter), form(node.operands[1], &rewriter)]
      return rewriter.insert(node.operation, operands, node.shape)
    case .maxPool, .averagePool, .averagePoolGradient, .maxPoolGradient:
      guard let images = node.operands.last, blocked[images] != nil else { return nil }
      return insertBlocked(id, node.operation, node.operands.map { inBlocks($0, &rewriter) }, &rewriter)
    case .unary, .binary, .select:
      guard pass.isBlockable(node.shape), node.operands.contains(where: { blocked[$0] != nil }),
        isFollowedByBlocks[id] || node.operands.allSatisfy(isCheapInBlocks)
      else { return nil }
      return insertBlocked(id, node.operation, node.operands.map { inBlocks($0, &rewriter) }, &rewriter)
    case .reduce(_, let axes):
      guard let images = blocked[node.operands[0]], axes.contains(2), axes.contains(3) else { return nil }
      return rewriter.insert(node.operation, [images], node.shape)
    case .slice:
      guard let images = blocked[node.operands[0]], node.shape[1] == source[node.operands[0]].shape[1] else {
        return nil
      }
      return insertBlocked(id, node.operation, [images], &rewriter)
    default: return nil
    }
  }
}
