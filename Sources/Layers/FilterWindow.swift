import Tensors

extension Scope {
  /// The window of a layer that slides filters. Throws unless `x` holds images, and the groups divide their channels and the
  /// filters.
  func filterWindow(
    of x: Value, filters: Int, kernel: Int, stride: Int, padding: Padding, dilation: Int, groups: Int
  ) throws(ModelError) -> Window {
    try checkImages(x)
    guard x.shape[1] % groups == 0, filters % groups == 0 else {
      throw error("groups \(groups) must divide both the \(x.shape[1]) input channels and the \(filters) filters")
    }
    return Window(
      kernel: Window.Pair(kernel), stride: Window.Pair(stride),
      padding: Window.Pair(padding.size(kernel: kernel, dilation: dilation)), dilation: Window.Pair(dilation),
      groups: groups)
  }
}
