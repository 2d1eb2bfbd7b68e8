package import Tensors

/// Which of a convolution's three products a node is: from images and filters the outputs, or from the outputs' gradient that
/// of the images, or that of the filters.
package enum ConvolutionDirection: Sendable {
  case forward, inputGradient, filterGradient

  /// Nil of what is no convolution.
  package static func of(_ operation: Tensors.Operation) -> (window: Window, direction: Self)? {
    switch operation {
    case .convolution(let window): (window, .forward)
    case .convolutionInputGradient(let window): (window, .inputGradient)
    case .convolutionFilterGradient(let window): (window, .filterGradient)
    default: nil
    }
  }

  package func shapes<Form>(_ operands: [Form], _ result: Form) -> (images: Form, filters: Form, outputs: Form) {
    switch self {
    case .forward: (operands[0], operands[1], result)
    case .inputGradient: (result, operands[1], operands[0])
    case .filterGradient: (operands[1], result, operands[0])
    }
  }
}
