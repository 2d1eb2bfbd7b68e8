/// Paths in the plane, such as an optimizer's; the first point of each is marked `o`, the last `x`.
///
/// Points that are not finite, or of 1e300 and more, are not drawn and interrupt their path.
public struct PathChart: Sendable, Equatable {
  public var paths: [Series]
  public var title: String
  public var xLabel: String
  public var yLabel: String

  public init(paths: [Series], title: String = "", xLabel: String = "x", yLabel: String = "y") {
    self.paths = paths
    self.title = title
    self.xLabel = xLabel
    self.yLabel = yLabel
  }

  /// The chart in so many columns and lines, labels included; a chart that is too small for its labels grows.
  public func terminalText(width: Int = 72, height: Int = 24, isColored: Bool = false) -> String {
    plot.terminalText(width: width, height: height, isColored: isColored)
  }

  /// The chart as an SVG document of so many pixels.
  public func svg(width: Int = 480, height: Int = 480) -> String { plot.svg(width: width, height: height) }

  private var plot: Plot {
    Plot(series: paths, title: title, xLabel: xLabel, yLabel: yLabel, isLogarithmic: false, marksEnds: true)
  }
}
