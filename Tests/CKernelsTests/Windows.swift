public import CKernels
public import Testing

extension fledge_window: @retroactive CustomTestStringConvertible {
  /// Extents as (height, width); the output is as large as fits unless given.
  init(
    _ input: (Int, Int), kernel: (Int, Int), stride: (Int, Int) = (1, 1), padding: (Int, Int) = (0, 0),
    dilation: (Int, Int) = (1, 1), output: (Int, Int)? = nil
  ) {
    self.init(
      input_height: input.0, input_width: input.1, kernel_height: kernel.0, kernel_width: kernel.1,
      stride_height: stride.0, stride_width: stride.1, padding_top: padding.0, padding_left: padding.1,
      dilation_height: dilation.0, dilation_width: dilation.1,
      output_height: output?.0 ?? (input.0 + 2 * padding.0 - dilation.0 * (kernel.0 - 1) - 1) / stride.0 + 1,
      output_width: output?.1 ?? (input.1 + 2 * padding.1 - dilation.1 * (kernel.1 - 1) - 1) / stride.1 + 1)
  }

  public var testDescription: String {
    """
    \(input_height)x\(input_width) kernel \(kernel_height)x\(kernel_width) stride \(stride_height),\(stride_width) \
    padding \(padding_top),\(padding_left) dilation \(dilation_height),\(dilation_width)
    """
  }

  var inputs: Int { input_height * input_width }
  var outputs: Int { output_height * output_width }
  var area: Int { kernel_height * kernel_width }

  /// For each output pixel the input pixels under its window, row by row; nil is padding.
  var pixels: [[Int?]] {
    (0..<outputs).map { output in
      (0..<area).map { kernel in
        let row = output / output_width * stride_height + kernel / kernel_width * dilation_height - padding_top
        let column = output % output_width * stride_width + kernel % kernel_width * dilation_width - padding_left
        let inside = (0..<input_height).contains(row) && (0..<input_width).contains(column)
        return inside ? row * input_width + column : nil
      }
    }
  }

  static let samples: [fledge_window] = [
    .init((6, 8), kernel: (2, 2), stride: (2, 2)),
    .init((7, 9), kernel: (2, 2), stride: (2, 2)),
    .init((40, 70), kernel: (2, 2), stride: (2, 2)),
    .init((5, 6), kernel: (2, 2), stride: (2, 2), padding: (1, 1)),
    .init((5, 5), kernel: (1, 1)),
    .init((9, 35), kernel: (3, 3), padding: (1, 1)),
    .init((9, 11), kernel: (3, 3), stride: (2, 2), padding: (1, 1)),
    .init((12, 150), kernel: (3, 2), stride: (1, 2)),
    .init((11, 13), kernel: (2, 3), stride: (3, 4), padding: (0, 2)),
    .init((10, 10), kernel: (3, 3), stride: (1, 1), padding: (2, 2), dilation: (2, 2)),
    .init((9, 12), kernel: (3, 2), stride: (2, 3), padding: (2, 1), dilation: (2, 3)),
    .init((3, 3), kernel: (5, 7), padding: (4, 6)),
    .init((7, 7), kernel: (7, 7)),
    .init((2, 2), kernel: (2, 2), padding: (3, 3)),
    // Output rows 2 and 3 of a larger picture.
    .init((9, 10), kernel: (3, 3), padding: (-1, 1), output: (2, 10)),
    .init((9, 10), kernel: (2, 2), stride: (2, 2), padding: (-4, 0), output: (2, 5)),
    .init((4, 4), kernel: (3, 3), output: (0, 0)),
  ]
}
