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

  /// Nil where oneDNN has no such kernel for these shapes: groups, or channels that are not in blocks.
  init?(
    _ node: LibraryNode, _ window: Window, _ direction: Direction, _ algorithm: fledge_dnn_algorithm,
    _ type: fledge_dnn_type, _ library: OneDNNLibrary
  ) {
    let (images, filters, outputs) = direction.shapes(of: node)
    guard Self.isPossible(window, [images, outputs]) else { return nil }
    var sizes = fledge_dnn_sizes(images: images, filters: filters, outputs: outputs, window)
    switch direction {
    case .forward: (sizes.input_type, sizes.output_type) = (node.operandType(0), node.resultType)
    case .inputGradient: (sizes.input_type, sizes.output_type) = (node.resultType, node.operandType(0))
    case .filterGradient: (sizes.input_type, sizes.output_type) = (node.operandType(1), node.operandType(0))
    }
    fledge_dnn_set_threads(Int32(library.threads))
    guard let made = fledge_dnn_convolution_create(library.engine, direction.code, algorithm, type, sizes) else {
      return nil
    }
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

  /// Whether oneDNN has a kernel for these images, one side at least in blocks.
  static func isPossible(_ window: Window, _ shapes: [Shape]) -> Bool {
    window.groups == 1 && shapes.contains { $0.channelBlock != nil }
  }
}

extension ConvolutionKernel.Direction {
  func shapes(of node: LibraryNode) -> (images: Shape, filters: Shape, outputs: Shape) {
    switch self {
    case .forward: (node.operandShapes[0], node.operandShapes[1], node.shape)
    case .inputGradient: (node.shape, node.operandShapes[1], node.operandShapes[0])
    case .filterGradient: (node.operandShapes[1], node.shape, node.operandShapes[0])
    }
  }

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
      input_is_blocked: given.channelBlock == nil ? 0 : 1, output_is_blocked: made.channelBlock == nil ? 0 : 1,
      input_type: FLEDGE_DNN_FLOAT32, output_type: FLEDGE_DNN_FLOAT32)
  }
}

extension LibraryNode {
  var resultType: fledge_dnn_type { isNarrow ? FLEDGE_DNN_BFLOAT16 : FLEDGE_DNN_FLOAT32 }
  func operandType(_ index: Int) -> fledge_dnn_type {
    areOperandsNarrow[index] ? FLEDGE_DNN_BFLOAT16 : FLEDGE_DNN_FLOAT32
  }
}
