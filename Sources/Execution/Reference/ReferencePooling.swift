import Tensors

/// Max and average pooling and their gradients.
func referencePool(_ operation: Operation, _ operands: [ReferenceOperand], shape: Shape) -> [Double] {
  let first = operands[0].elements
  switch operation {
  case .maxPool(let window):
    return shape.indices.map { firstMaximum(operands[0], window, $0).value }
  case .maxPoolGradient(let window):
    var result = Array(repeating: 0.0, count: shape.elementCount)
    for (position, index) in operands[0].shape.indices.enumerated() {
      if let offset = firstMaximum(operands[1], window, index).offset { result[offset] += first[position] }
    }
    return result
  case .averagePool(let window):
    let area = Double(window.kernel.height * window.kernel.width)
    return shape.indices.map { index in
      var sum = 0.0
      forEachPixel(of: window, at: (index[2], index[3]), in: operands[0].shape) { _, _, row, column in
        sum += first[operands[0].shape.offset([index[0], index[1], row, column])]
      }
      return sum / area
    }
  case .averagePoolGradient(let window):
    let area = Double(window.kernel.height * window.kernel.width)
    var result = Array(repeating: 0.0, count: shape.elementCount)
    for (position, index) in operands[0].shape.indices.enumerated() {
      forEachPixel(of: window, at: (index[2], index[3]), in: shape) { _, _, row, column in
        result[shape.offset([index[0], index[1], row, column])] += first[position] / area
      }
    }
    return result
  default: return first
  }
}

/// The first maximum under the window in row-major order; padding counts as −∞, NaN wins.
private func firstMaximum(_ x: ReferenceOperand, _ window: Window, _ index: [Int]) -> (value: Double, offset: Int?) {
  var best: (value: Double, offset: Int?) = (-.infinity, nil)
  forEachPixel(of: window, at: (index[2], index[3]), in: x.shape) { _, _, row, column in
    let offset = x.shape.offset([index[0], index[1], row, column])
    let value = x.elements[offset]
    if best.offset == nil || value > best.value || (value.isNaN && !best.value.isNaN) { best = (value, offset) }
  }
  return best
}
