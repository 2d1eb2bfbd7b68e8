extension Plot {
  func svg(width: Int, height: Int) -> String {
    let runs = runs
    var document = SVGDocument(width: width, height: height)
    if !title.isEmpty {
      document.text(title, x: Double(width) / 2, y: 18, anchor: "middle", ["font-size": "14"])
    }
    let (left, right, top, bottom) = (64.0, Double(width) - 16, 32.0, Double(height) - 44)
    guard let axes = axes(runs, xTicks: max(3, width / 100), yTicks: max(2, min(8, height / 50))) else {
      document.text(Self.nothing, x: Double(width) / 2, y: Double(height) / 2, anchor: "middle")
      return document.finished
    }
    let place = { (point: Series.Point) -> (x: Double, y: Double) in
      (left + axes.x.position(point.x) * (right - left), bottom - axes.y.position(point.y) * (bottom - top))
    }
    for (tick, label) in zip(axes.y.ticks, axes.y.labels) {
      let y = bottom - axes.y.position(tick) * (bottom - top)
      document.line(left, y, right, y, stroke: "#dddddd")
      document.text(label, x: left - 6, y: y + 4, anchor: "end")
    }
    for (tick, label) in zip(axes.x.ticks, axes.x.labels) {
      let x = left + axes.x.position(tick) * (right - left)
      document.line(x, bottom, x, bottom + 4, stroke: "#444444")
      document.text(label, x: x, y: bottom + 18, anchor: "middle")
    }
    document.line(left, bottom, right, bottom, stroke: "#444444")
    document.line(left, top, left, bottom, stroke: "#444444")
    if !xLabel.isEmpty { document.text(xLabel, x: (left + right) / 2, y: bottom + 36, anchor: "middle") }
    if !yLabel.isEmpty { document.text(yLabel, x: 8, y: top - 12) }
    for (index, runs) in runs.enumerated() { draw(runs, index, place, into: &document) }
    if series.count > 1 {
      for (index, series) in series.enumerated() {
        let y = top + 14 + Double(index) * 16
        document.line(right - 24, y - 4, right - 4, y - 4, stroke: color(index))
        document.text(series.name, x: right - 30, y: y, anchor: "end")
      }
    }
    return document.finished
  }

  private func color(_ index: Int) -> String { SVGDocument.colors[index % SVGDocument.colors.count] }

  private func draw(
    _ runs: [[Series.Point]], _ index: Int, _ place: (Series.Point) -> (x: Double, y: Double),
    into document: inout SVGDocument
  ) {
    func circle(_ point: Series.Point, radius: String, fill: String) {
      let (x, y) = place(point)
      document.add(
        "circle",
        [
          "cx": SVGDocument.number(x), "cy": SVGDocument.number(y), "r": radius, "fill": fill, "stroke": color(index),
        ])
    }
    for run in runs {
      if run.count == 1 { circle(run[0], radius: "2", fill: color(index)) }
      guard run.count > 1 else { continue }
      let points = thinned(run.map(place)).map { "\(SVGDocument.number($0.x)),\(SVGDocument.number($0.y))" }
      document.add(
        "polyline",
        ["points": points.joined(separator: " "), "fill": "none", "stroke": color(index), "stroke-width": "1.5"])
    }
    guard marksEnds, let first = runs.first?.first, let last = runs.last?.last else { return }
    circle(first, radius: "4", fill: "#ffffff")
    circle(last, radius: "4", fill: color(index))
  }

  /// Of points in the same column of pixels the first, lowest, highest and last, which look the same as all of them.
  private func thinned(_ points: [(x: Double, y: Double)]) -> [(x: Double, y: Double)] {
    guard points.count > 2000, zip(points, points.dropFirst()).allSatisfy({ $0.x <= $1.x }) else { return points }
    var thin: [(x: Double, y: Double)] = []
    var start = 0
    while start < points.count {
      let column = points[start].x.rounded(.down)
      var end = start
      var lowest = start
      var highest = start
      while end < points.count, points[end].x.rounded(.down) == column {
        if points[end].y < points[lowest].y { lowest = end }
        if points[end].y > points[highest].y { highest = end }
        end += 1
      }
      thin += Set([start, lowest, highest, end - 1]).sorted().map { points[$0] }
      start = end
    }
    return thin
  }
}
