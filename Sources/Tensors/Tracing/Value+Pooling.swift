extension Value {
  /// The greatest value under a window slid over images.
  public func maxPool(_ window: Window) -> Value { trace.insert(.maxPool(window), [id], shape) }

  /// The mean under a window slid over images, padding counted as zeros.
  public func averagePool(_ window: Window) -> Value { trace.insert(.averagePool(window), [id], shape) }
}
