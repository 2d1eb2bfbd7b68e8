/// Lines over a common x axis: metrics over steps, rates over a schedule.
///
/// Values that are not finite are not drawn and interrupt their line; so are those of 1e300 and more, and on a logarithmic
/// axis those that are not positive.
public struct LineChart: Sendable, Equatable {
  public var series: [Series]
  public var title: String
  public var xLabel: String
  public var yLabel: String
  /// Whether equal distances on the y axis are equal ratios.
  public var isLogarithmic: Bool

  public init(
    series: [Series], title: String = "", xLabel: String = "", yLabel: String = "", isLogarithmic: Bool = false
  ) {
    self.series = series
    self.title = title
    self.xLabel = xLabel
    self.yLabel = yLabel
    self.isLogarithmic = isLogarithmic
  }

  /// The chart in so many columns and lines, labels included; a chart that is too small for its labels grows.
  ///
  /// Several series are told apart by colour (ANSI escapes) if `isColored`, else by their marks.
  public func terminalText(width: Int = 72, height: Int = 16, isColored: Bool = false) -> String {
    plot.terminalText(width: width, height: height, isColored: isColored)
  }

  /// The chart as an SVG document of so many pixels.
  public func svg(width: Int = 640, height: Int = 360) -> String { plot.svg(width: width, height: height) }

  private var plot: Plot {
    Plot(
      series: series, title: title, xLabel: xLabel, yLabel: yLabel, isLogarithmic: isLogarithmic, marksEnds: false)
  }
}
