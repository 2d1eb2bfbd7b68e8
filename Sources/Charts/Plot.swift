/// Lines in a frame with two axes: what line charts and path charts have in common.
struct Plot {
  var series: [Series]
  var title: String
  var xLabel: String
  var yLabel: String
  var isLogarithmic: Bool
  /// Whether the first and last point of each series bear marks.
  var marksEnds: Bool

  /// Each series as runs of points that have a place on both axes.
  var runs: [[[Series.Point]]] {
    series.map { series in
      series.points.split { point in
        !(Axis.shows(point.x, isLogarithmic: false) && Axis.shows(point.y, isLogarithmic: isLogarithmic))
      }.map(Array.init)
    }
  }

  /// Nil if there is nothing to draw.
  func axes(_ runs: [[[Series.Point]]], xTicks: Int, yTicks: Int) -> (x: Axis, y: Axis)? {
    let points = runs.joined().joined()
    guard !points.isEmpty else { return nil }
    return (
      Axis(over: points.map(\.x), isLogarithmic: false, tickCount: xTicks, isExpanded: false),
      Axis(over: points.map(\.y), isLogarithmic: isLogarithmic, tickCount: yTicks, isExpanded: true)
    )
  }

  static let nothing = "no data to draw"
}

/// Text on one line: control characters, which would move a terminal's cursor or break a document, become `?`.
func singleLine(_ text: String) -> String {
  String(String.UnicodeScalarView(text.unicodeScalars.map { $0.properties.generalCategory == .control ? "?" : $0 }))
}
