package import Tensors

extension Tensors.Operation {
  /// Multiplications and additions of a matrix product, a convolution or a gradient of one; 0 of anything else.
  package func arithmetic(operands: [Shape], result: Shape) -> Double {
    let products: Int
    switch self {
    case .matmul(let transposeFirst, _): products = result.elementCount * operands[0][transposeFirst ? 0 : 1]
    case .convolution: products = result.elementCount * operands[1].elementCount / max(1, operands[1][0])
    case .convolutionInputGradient:
      products = operands[0].elementCount * operands[1].elementCount / max(1, operands[1][0])
    case .convolutionFilterGradient: products = operands[0].elementCount * result.elementCount / max(1, result[0])
    default: products = 0
    }
    return 2 * Double(products)
  }
}
