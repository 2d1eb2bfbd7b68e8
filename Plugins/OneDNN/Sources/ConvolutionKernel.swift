import COneDNN
import Execution
import Tensors

/// A convolution, or one of its gradients, by oneDNN.
final class ConvolutionKernel: WholeTeamKernel {
  enum Direction {
    case forward, inputGradient, filterGradient
  }

  private let node: LibraryNode
  private let convolution: OpaquePointer
  let scratchBytes: Int
  /// The engine must outlive the kernel.
  private let library: OneDNNLibrary

  /// Nil where oneDNN has no kernel for these shapes: groups, or channels that are not in blocks.
  init?(_ node: LibraryNode, _ window: Window, _ direction: Direction, _ library: OneDNNLibrary) {
    let (images, filters, outputs) =
      switch direction {
      case .forward: (node.operandShapes[0], node.operandShapes[1], node.shape)
      case .inputGradient: (node.shape, node.operandShapes[1], node.operandShapes[0])
      case .filterGradient: (node.operandShapes[1], node.shape, node.operandShapes[0])
      }
    guard window.groups == 1, images.channelBlock != nil || outputs.channelBlock != nil else { return nil }
    let sizes = fledge_dnn_sizes(images: images, filters: filters, outputs: outputs, window)
    fledge_dnn_set_threads(Int32(library.threads))
    let wanted =
      Self.isWinogradFaster(window, filters, direction)
      ? [FLEDGE_DNN_WINOGRAD, FLEDGE_DNN_DIRECT] : [FLEDGE_DNN_DIRECT]
    let made = wanted.lazy.compactMap { algorithm in
      fledge_dnn_convolution_create(library.engine, direction.code, algorithm, sizes)
    }.first
    guard let made else { return nil }
    convolution = made
    scratchBytes = fledge_dnn_convolution_scratch(made)
    self.node = node
    self.library = library
  }

  deinit { fledge_dnn_convolution_destroy(convolution) }

  var note: String? { "oneDNN \(String(cString: fledge_dnn_convolution_name(convolution)))" }

  func run(_ memory: Memory) {
    fledge_dnn_set_threads(Int32(memory.threads))
    // Fails only for lack of memory, which ends the process elsewhere too.
    _ = fledge_dnn_convolution_run(
      convolution, memory[node.operands[0]], memory[node.operands[1]], memory[node.result], memory.scratch(of: 0))
  }

  /// Measured with oneDNN 2.6 on AVX-512: Winograd's transforms pay from 32 channels on, those of the filters from 64.
  private static func isWinogradFaster(_ window: Window, _ filters: Shape, _ direction: Direction) -> Bool {
    let (fewest, most) = (min(filters[0], filters[1]), max(filters[0], filters[1]))
    return window.kernel == .init(3) && window.stride == .init(1) && window.dilation == .init(1) && fewest >= 32
      && (direction != .filterGradient || most >= 64)
  }
}

extension ConvolutionKernel.Direction {
  fileprivate var code: fledge_dnn_direction {
    switch self {
    case .forward: FLEDGE_DNN_FORWARD
    case .inputGradient: FLEDGE_DNN_INPUT_GRADIENT
    case .filterGradient: FLEDGE_DNN_FILTER_GRADIENT
    }
  }
}

extension fledge_dnn_sizes {
  fileprivate init(images given: Shape, filters: Shape, outputs made: Shape, _ window: Window) {
    let (images, outputs) = (given.withoutChannelBlocks, made.withoutChannelBlocks)
    self.init(
      batch: images[0], input_channels: images[1], output_channels: outputs[1], input_height: images[2],
      input_width: images[3], output_height: outputs[2], output_width: outputs[3], kernel_height: window.kernel.height,
      kernel_width: window.kernel.width, stride_height: window.stride.height, stride_width: window.stride.width,
      padding_height: window.padding.height, padding_width: window.padding.width,
      dilation_height: window.dilation.height, dilation_width: window.dilation.width,
      input_is_blocked: given.channelBlock == nil ? 0 : 1, output_is_blocked: made.channelBlock == nil ? 0 : 1)
  }
}
