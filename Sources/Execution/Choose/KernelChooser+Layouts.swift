package import Tensors

/// Where the channels of a convolution's images lie.
package enum ImageLayout: String, Sendable {
  /// `[batch, channels / block, height, width, block]`.
  case blocks
  /// `[batch, channels, height, width]`.
  case plain
}

extension KernelChooser {
  /// Blocks may take so many times as long as plain images and still be chosen: between layouts that differ, images are
  /// copied.
  private static let blocksAdvantage = 1.25

  /// The layout that a convolution is faster in, by rule blocks; its gradients follow it.
  ///
  /// - Parameters:
  ///   - operation: the convolution, or a gradient of it, for operands and result in blocks.
  ///   - operands: their shapes.
  ///   - result: its shape.
  ///   - inBlocks: the kernel of the convolution in blocks.
  /// - Returns: planes or blocks.
  package func layout(
    of operation: Tensors.Operation, _ operands: [StoredShape], _ result: StoredShape,
    inBlocks: (LibraryNode) -> (any Kernel)?
  ) -> ImageLayout {
    guard let (window, direction) = ConvolutionDirection.of(operation) else { return .plain }
    let (images, filters, outputs) = direction.shapes(operands, result)
    let isNarrow = precision == .bfloat16
    let blocked = LibraryNode(
      .convolution(window), [images, filters], outputs,
      areOperandsNarrow: [isNarrow && images.channelBlock != nil, false], isNarrow: isNarrow)
    let plain = LibraryNode(
      .convolution(window), [StoredShape(images.shape), filters], StoredShape(outputs.shape))
    let chosen = choose(
      .layout(of: plain, precision), work: plain.arithmetic,
      [ImageLayout.blocks, .plain].map { layout in Candidate(layout.rawValue) { layout } },
      advantage: Self.blocksAdvantage
    ) {
      LayoutTrial(
        blocks: inBlocks(blocked).map { ($0, NodeTrial(node: blocked, memory: trialMemory())) },
        plain: (makeLibraryKernel(plain), NodeTrial(node: plain, memory: trialMemory())))
    }
    return chosen?.made ?? .blocks
  }

  /// How the layout of a convolution was chosen, for its line in the plan; nil for a gradient, or a choice by rule.
  func layoutNote(_ node: LibraryNode) -> String? {
    guard case .convolution = node.operation else { return nil }
    let plain = LibraryNode(
      node.operation, node.operandShapes[...1].map { StoredShape($0) }, StoredShape(node.shape))
    let key = KernelChoices.Key.layout(of: plain, precision)
    guard let note = note(on: key), let choice = choices[key] else { return nil }
    return "layout \(choice.algorithm) (\(note))"
  }
}

extension KernelChoices.Key {
  fileprivate static func layout(of convolution: LibraryNode, _ precision: Precision) -> Self {
    let key = Self(convolution, precision)
    return Self(operation: "layout of \(key.operation)", shape: key.shape)
  }
}

/// A convolution in either layout.
private struct LayoutTrial: KernelTrial {
  typealias Competitor = (kernel: any Kernel, trial: NodeTrial)

  /// Nil if there is no such kernel.
  let blocks: Competitor?
  let plain: Competitor

  private func competitor(_ layout: ImageLayout) -> Competitor {
    switch layout {
    case .blocks: blocks ?? plain
    case .plain: plain
    }
  }

  func prepare(_ layout: ImageLayout) { competitor(layout).trial.prepare(competitor(layout).kernel) }
  func run(_ layout: ImageLayout) throws(ExecutionError) {
    try competitor(layout).trial.run(competitor(layout).kernel)
  }

  var sample: [Float] { plain.trial.sample }
}
