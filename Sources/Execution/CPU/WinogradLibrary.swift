import Tensors

/// The CPU backend's own kernels for images in blocks of channels, where the processor is made for them.
struct WinogradLibrary: KernelLibrary {
  private let chooser: KernelChooser

  /// Nil where they are slow, or the run is to be exact, or in a precision that the CPU backend does not compute in.
  init?(_ options: SessionOptions) {
    guard Winograd.isFast, !options.isExact, options.precision == .float32 else { return nil }
    chooser = KernelChooser(options)
  }

  func prepare(_ graph: Graph) throws(VerificationError) -> Graph {
    try ChannelBlocking(
      block: Pooling.block,
      hasKernel: { operation, operands, result in
        Winograd.computes(operation, operands, result)
          && chooser.layout(of: operation, operands, result, inBlocks: makeKernel) == .blocks
      },
      takesPlain: { _ in false })(graph)
  }

  func makeKernel(_ node: LibraryNode) -> (any Kernel)? {
    Winograd.makeKernel(node, .float32).flatMap { kernel in
      chooser.choose(node, [KernelChooser.Candidate("winograd") { kernel }])
    }
  }

  func finishPlan() { chooser.finishPlan() }

  var choices: KernelChoices { chooser.choices }

  func fuses(_ epilogue: Epilogue, into node: Graph.Node, operands: [StoredShape]) -> Bool {
    Winograd.computes(node.operation, operands, node.stored)
  }
}
