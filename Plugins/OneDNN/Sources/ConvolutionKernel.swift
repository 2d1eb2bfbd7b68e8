import COneDNN
import Execution
import Tensors

/// Convolutions and their gradients by oneDNN.
enum ConvolutionKernel {
  /// Nil where oneDNN has no such kernel for these shapes but its plain reference.
  static func make(
    _ node: LibraryNode, _ window: Window, _ direction: ConvolutionDirection, _ type: fledge_dnn_type,
    _ library: OneDNNLibrary
  ) -> OneDNNKernel? {
    let (images, filters, outputs) = direction.shapes(node.storedOperands, node.stored)
    // Gradients have no epilogues.
    guard direction == .forward || node.epilogue == nil else { return nil }
    var sizes = fledge_dnn_sizes(images: images, filters: filters, outputs: outputs, window)
    switch direction {
    case .forward: (sizes.input_type, sizes.output_type) = (node.operandType(0), node.resultType)
    case .inputGradient: (sizes.input_type, sizes.output_type) = (node.resultType, node.operandType(0))
    case .filterGradient: (sizes.input_type, sizes.output_type) = (node.operandType(1), node.operandType(0))
    }
    sizes.epilogue = node.dnnEpilogue
    return OneDNNKernel(node, library) {
      fledge_dnn_convolution_create(library.engine, direction.code, type, sizes)
    }
  }

  /// Whether oneDNN has a direct kernel for these shapes, one side at least in blocks, and all images of one type.
  static func isPossible(
    _ operation: Tensors.Operation, _ operands: [StoredShape], _ result: StoredShape, _ type: fledge_dnn_type,
    _ library: OneDNNLibrary
  ) -> Bool {
    guard let (window, direction) = ConvolutionDirection.of(operation) else { return false }
    let (images, filters, outputs) = direction.shapes(operands, result)
    guard images.channelBlock != nil || outputs.channelBlock != nil else { return false }
    var sizes = fledge_dnn_sizes(images: images, filters: filters, outputs: outputs, window)
    (sizes.input_type, sizes.output_type) = (type, type)
    fledge_dnn_set_threads(Int32(library.threads))
    return fledge_dnn_convolution_exists(library.engine, direction.code, type, sizes) != 0
  }
}

extension ConvolutionDirection {
  fileprivate var code: fledge_dnn_direction {
    switch self {
    case .forward: FLEDGE_DNN_FORWARD
    case .inputGradient: FLEDGE_DNN_INPUT_GRADIENT
    case .filterGradient: FLEDGE_DNN_FILTER_GRADIENT
    }
  }
}

extension fledge_dnn_sizes {
  fileprivate init(images given: StoredShape, filters: StoredShape, outputs made: StoredShape, _ window: Window) {
    let (images, outputs) = (given.shape, made.shape)
    self.init(
      batch: images[0], input_channels: images[1], output_channels: outputs[1], groups: window.groups,
      input_height: images[2], input_width: images[3], output_height: outputs[2], output_width: outputs[3],
      kernel_height: window.kernel.height, kernel_width: window.kernel.width, stride_height: window.stride.height,
      stride_width: window.stride.width, padding_height: window.padding.height, padding_width: window.padding.width,
      dilation_height: window.dilation.height, dilation_width: window.dilation.width,
      input_is_blocked: given.channelBlock == nil ? 0 : 1, output_is_blocked: made.channelBlock == nil ? 0 : 1,
      input_type: FLEDGE_DNN_FLOAT32, output_type: FLEDGE_DNN_FLOAT32, epilogue: fledge_dnn_epilogue(nil))
  }
}
