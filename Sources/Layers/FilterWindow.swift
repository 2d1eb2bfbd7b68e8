import Registry
import Tensors

/// Throws unless each group has as many filters.
func checkGroups(_ groups: Int, divide filters: Int) throws(ArgumentError) {
  guard filters % groups == 0 else {
    throw ArgumentError("groups \(groups) must divide the \(filters) filters", at: "groups")
  }
}

extension Scope {
  /// The window of a layer that slides filters. Throws unless `x` holds images, and the groups divide their channels.
  func filterWindow(
    of x: Value, kernel: Int, stride: Int, padding: Padding, dilation: Int, groups: Int
  ) throws(ModelError) -> Window {
    try checkImages(x)
    guard x.shape[1] % groups == 0 else {
      throw error("groups \(groups) must divide the \(x.shape[1]) input channels")
    }
    return Window(
      kernel: Window.Pair(kernel), stride: Window.Pair(stride),
      padding: Window.Pair(padding.size(kernel: kernel, dilation: dilation)), dilation: Window.Pair(dilation),
      groups: groups)
  }
}
