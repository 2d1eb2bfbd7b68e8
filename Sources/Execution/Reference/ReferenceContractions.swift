import Tensors

func referenceMatmul(
  _ a: ReferenceOperand, _ b: ReferenceOperand, _ transposeFirst: Bool, _ transposeSecond: Bool, shape: Shape
) -> [Double] {
  let inner = a.shape[transposeFirst ? 0 : 1]
  return shape.indices.map { index in
    (0..<inner).reduce(0) { sum, k in
      let first = transposeFirst ? k * a.shape[1] + index[0] : index[0] * inner + k
      let second = transposeSecond ? index[1] * inner + k : k * b.shape[1] + index[1]
      return sum + a.elements[first] * b.elements[second]
    }
  }
}

/// A convolution is a sum of products y[o] += x[i] · w[f] over its taps; its gradients sum the same taps the other ways.
func referenceConvolution(_ operation: Operation, _ operands: [ReferenceOperand], shape: Shape) -> [Double] {
  var result = Array(repeating: 0.0, count: shape.elementCount)
  let first = operands[0].elements
  let second = operands[1].elements
  switch operation {
  case .convolution(let window):
    forEachTap(images: operands[0].shape, filters: operands[1].shape, outputs: shape, window) { image, filter, output in
      result[output] += first[image] * second[filter]
    }
  case .convolutionInputGradient(let window):
    forEachTap(images: shape, filters: operands[1].shape, outputs: operands[0].shape, window) { image, filter, output in
      result[image] += first[output] * second[filter]
    }
  case .convolutionFilterGradient(let window):
    forEachTap(images: operands[1].shape, filters: shape, outputs: operands[0].shape, window) { image, filter, output in
      result[filter] += first[output] * second[image]
    }
  default: break
  }
  return result
}

/// Calls `body` with the offsets of every image element, filter element and output element that meet.
private func forEachTap(
  images: Shape, filters: Shape, outputs: Shape, _ window: Window, _ body: (Int, Int, Int) -> Void
) {
  let outputsPerGroup = filters[0] / window.groups
  for (position, output) in outputs.indices.enumerated() {
    let firstChannel = output[1] / outputsPerGroup * filters[1]
    for channel in 0..<filters[1] {
      forEachPixel(of: window, at: (output[2], output[3]), in: images) { kernelRow, kernelColumn, row, column in
        body(
          images.offset([output[0], firstChannel + channel, row, column]),
          filters.offset([output[1], channel, kernelRow, kernelColumn]), position)
      }
    }
  }
}

/// The pixels inside the image under the window at an output position, row by row.
func forEachPixel(
  of window: Window, at output: (row: Int, column: Int), in images: Shape, _ body: (Int, Int, Int, Int) -> Void
) {
  for kernelRow in 0..<window.kernel.height {
    let row = output.row * window.stride.height - window.padding.height + kernelRow * window.dilation.height
    guard row >= 0, row < images[2] else { continue }
    for kernelColumn in 0..<window.kernel.width {
      let column = output.column * window.stride.width - window.padding.width + kernelColumn * window.dilation.width
      if column >= 0, column < images[3] { body(kernelRow, kernelColumn, row, column) }
    }
  }
}
