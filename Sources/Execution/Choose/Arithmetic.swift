package import Tensors

extension Tensors.Operation {
  /// Multiplications and additions of a matrix product, a convolution or a gradient of one; 0 of anything else.
  package func arithmetic(operands: [Shape], result: Shape) -> Double {
    let products: Double
    switch self {
    case .matmul(let transposeFirst, _): products = result.count * Double(operands[0][transposeFirst ? 0 : 1])
    case .convolution: products = result.count * operands[1].countOfRow
    case .convolutionInputGradient:
      products = operands[0].count * operands[1].countOfRow
    case .convolutionFilterGradient: products = operands[0].count * result.countOfRow
    default: products = 0
    }
    return 2 * products
  }
}

extension Shape {
  fileprivate var count: Double { Double(elementCount) }

  /// Elements of what stands at one index of the outermost axis.
  fileprivate var countOfRow: Double { Double(elementCount / max(1, self[0])) }
}
