/// How many of some values lie in each of equal intervals.
///
/// Values that are not finite, or of 1e300 and more, are left out.
public struct Histogram: Sendable, Equatable {
  public struct Bar: Sendable, Equatable {
    public let lower: Double
    /// Belongs to the next bar; that of the last bar to itself.
    public let upper: Double
    public let count: Int
  }

  public let bars: [Bar]
  public var title: String

  /// Intervals between round numbers, about `bars` of them (1 to 200); none if there are no values.
  public init(values: [Double], bars: Int = 12, title: String = "") {
    self.title = title
    let values = values.filter { Axis.shows($0, isLogarithmic: false) }
    guard !values.isEmpty else {
      self.bars = []
      return
    }
    let axis = Axis(over: values, isLogarithmic: false, tickCount: max(1, min(200, bars)), isExpanded: true)
    var counts = Array(repeating: 0, count: axis.ticks.count - 1)
    for value in values {
      var index = max(0, min(counts.count - 1, Int(axis.position(value) * Double(counts.count))))
      if value < axis.ticks[index] { index -= 1 }
      if index + 1 < counts.count, value >= axis.ticks[index + 1] { index += 1 }
      counts[max(0, index)] += 1
    }
    self.bars = counts.indices.map { Bar(lower: axis.ticks[$0], upper: axis.ticks[$0 + 1], count: counts[$0]) }
  }

  var labels: [String] { Ticks.labels(bars.map(\.lower) + (bars.last.map { [$0.upper] } ?? [])) }
}

extension Histogram {
  /// One line a bar: where it begins, its length to an eighth of a column, its count.
  public func terminalText(width: Int = 72) -> String {
    let head = title.isEmpty ? [] : [singleLine(title)]
    guard !bars.isEmpty else { return (head + [Plot.nothing]).joined(separator: "\n") }
    let greatest = max(1, bars.map(\.count).max() ?? 1)
    let margin = labels.map(\.count).max() ?? 0
    let columns = max(8, width - margin - 3 - String(greatest).count)
    let lines = zip(bars, labels).map { bar, label in
      let eighths = Int((Double(bar.count) / Double(greatest) * Double(columns * 8)).rounded())
      var length = String(repeating: "█", count: eighths / 8)
      if eighths % 8 > 0 { length.append(Array(" ▏▎▍▌▋▊▉")[eighths % 8]) }
      let space = String(repeating: " ", count: max(0, margin - label.count))
      return "\(space)\(label) ┤\(length)\(length.isEmpty ? "" : " ")\(bar.count)"
    }
    return (head + lines).joined(separator: "\n")
  }

  /// The bars upright in an SVG document of so many pixels.
  public func svg(width: Int = 640, height: Int = 360) -> String {
    var document = SVGDocument(width: width, height: height)
    if !title.isEmpty {
      document.text(title, x: Double(width) / 2, y: 18, anchor: "middle", ["font-size": "14"])
    }
    guard !bars.isEmpty else {
      document.text(Plot.nothing, x: Double(width) / 2, y: Double(height) / 2, anchor: "middle")
      return document.finished
    }
    let (left, right, top, bottom) = (64.0, Double(width) - 16, 32.0, Double(height) - 32)
    let counts = Axis(
      over: [0, Double(max(1, bars.map(\.count).max() ?? 1))], isLogarithmic: false, tickCount: 5, isExpanded: true)
    for (tick, label) in zip(counts.ticks, counts.labels) {
      let y = bottom - counts.position(tick) * (bottom - top)
      document.line(left, y, right, y, stroke: "#dddddd")
      document.text(label, x: left - 6, y: y + 4, anchor: "end")
    }
    let step = (right - left) / Double(bars.count)
    for (index, bar) in bars.enumerated() {
      let length = counts.position(Double(bar.count)) * (bottom - top)
      document.add(
        "rect",
        [
          "x": SVGDocument.number(left + Double(index) * step), "y": SVGDocument.number(bottom - length),
          "width": SVGDocument.number(max(0.5, step - 1)), "height": SVGDocument.number(length),
          "fill": SVGDocument.colors[0],
        ])
    }
    // Labels take some 50 pixels each.
    let every = max(1, Int((50 / step).rounded(.up)))
    for (index, label) in labels.enumerated() where index % every == 0 {
      document.text(label, x: left + Double(index) * step, y: bottom + 18, anchor: "middle")
    }
    document.line(left, bottom, right, bottom, stroke: "#444444")
    return document.finished
  }
}
