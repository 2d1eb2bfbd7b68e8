import Registry
import Tensors

/// Throws unless every window of a pool that is padded so holds a pixel.
func checkPadding(_ padding: Int, ofWindow size: Int) throws(ArgumentError) {
  guard padding <= size / 2 else {
    throw ArgumentError(
      "padding \(padding) is more than half of the window's size \(size), so some windows would be empty", at: "padding"
    )
  }
}

extension Scope {
  /// The window of a pooling layer. Throws unless `x` holds images that it fits into.
  func poolWindow(of x: Value, size: Int, stride: Int?, padding: Int) throws(ModelError) -> Window {
    try checkImages(x)
    let window = Window(
      kernel: Window.Pair(size), stride: Window.Pair(min(stride ?? size, greatestWindow)), padding: Window.Pair(padding)
    )
    try check(window, fits: x)
    return window
  }
}
