public import Registry

/// What a figure of the run has been at the end of each epoch so far.
public struct FigureHistory: Sendable, Equatable {
  public var direction: MetricDirection
  /// One number an epoch, in order; NaN where the figure was none.
  public var values: [Double]

  public init(_ direction: MetricDirection = .lower, _ values: [Double] = []) {
    self.direction = direction
    self.values = values
  }
}
