extension Plot {
  private static let marks: [Character] = ["*", "+", "#", "@", "%", "&"]
  /// ANSI foreground colours: blue, yellow, green, magenta, cyan, red.
  private static let colors = [34, 33, 32, 35, 36, 31]

  func terminalText(width: Int, height: Int, isColored: Bool) -> String {
    let runs = runs
    let isBraille = isColored || series.count < 2
    var head: [String] = []
    if !title.isEmpty { head.append(singleLine(title)) }
    if series.count > 1 { head.append(legend(isColored: isColored)) }
    if !yLabel.isEmpty { head.append(singleLine(yLabel)) }
    // The axis and its labels are two lines.
    let rows = max(3, height - head.count - (xLabel.isEmpty ? 2 : 3))
    guard let vertical = axes(runs, xTicks: 3, yTicks: max(2, min(8, rows / 2)))?.y else {
      return (head + [Self.nothing]).joined(separator: "\n")
    }
    let margin = vertical.labels.map(\.count).max() ?? 0
    let columns = max(8, width - margin - 2)
    guard let axes = axes(runs, xTicks: max(3, columns / 12), yTicks: max(2, min(8, rows / 2))) else { return "" }
    let canvas = canvas(runs, axes, columns: columns, rows: rows)

    var labels: [Int: String] = [:]
    for (tick, label) in zip(axes.y.ticks, axes.y.labels) {
      labels[canvas.dot(0, axes.y.position(tick)).y / 4] = label
    }
    var lines = head
    for row in 0..<rows {
      let label = labels[row] ?? ""
      let edge = labels[row] == nil ? "│" : "┤"
      lines.append(padded(label, to: margin) + " " + edge + text(canvas, row, isBraille, isColored))
    }
    lines += horizontalAxis(axes.x, canvas, margin: margin)
    if !xLabel.isEmpty {
      let label = singleLine(xLabel)
      lines.append(padded("", to: margin + 2 + max(0, (columns - label.count) / 2)) + label)
    }
    return lines.joined(separator: "\n")
  }

  private func legend(isColored: Bool) -> String {
    series.enumerated().map { index, series in
      let name = singleLine(series.name)
      return isColored
        ? "\u{1B}[\(Self.colors[index % Self.colors.count])m━━ \(name)\u{1B}[0m"
        : "\(Self.marks[index % Self.marks.count]) \(name)"
    }.joined(separator: "   ")
  }

  private func canvas(
    _ runs: [[[Series.Point]]], _ axes: (x: Axis, y: Axis), columns: Int, rows: Int
  ) -> DotCanvas {
    var canvas = DotCanvas(columns: columns, rows: rows)
    for (owner, runs) in runs.enumerated() {
      for run in runs {
        let dots = run.map { canvas.dot(axes.x.position($0.x), axes.y.position($0.y)) }
        for (start, end) in zip(dots, dots.dropFirst()) { canvas.line(from: start, to: end, owner: owner) }
        if dots.count == 1 { canvas.set(dots[0].x, dots[0].y, owner: owner) }
      }
    }
    guard marksEnds else { return canvas }
    for (owner, runs) in runs.enumerated() {
      for (point, mark) in [(runs.first?.first, "o"), (runs.last?.last, "x")] as [(Series.Point?, Character)] {
        guard let point else { continue }
        let dot = canvas.dot(axes.x.position(point.x), axes.y.position(point.y))
        canvas.mark(dot.x, dot.y, mark, owner: owner)
      }
    }
    return canvas
  }

  /// One line of the canvas without spaces at its end.
  private func text(_ canvas: DotCanvas, _ row: Int, _ isBraille: Bool, _ isColored: Bool) -> String {
    var line = ""
    var spaces = ""
    var color: Int?
    for column in 0..<canvas.columns {
      guard
        let (character, owner) = canvas.character(
          row: row, column: column, isBraille: isBraille, marksOfOwners: Self.marks)
      else {
        spaces += " "
        continue
      }
      line += spaces
      spaces = ""
      if isColored, color != owner {
        line += "\u{1B}[\(Self.colors[owner % Self.colors.count])m"
        color = owner
      }
      line.append(character)
    }
    return color == nil ? line : line + "\u{1B}[0m"
  }

  /// The line below the plot with its ticks, and their labels where they do not touch.
  private func horizontalAxis(_ axis: Axis, _ canvas: DotCanvas, margin: Int) -> [String] {
    var line = Array(repeating: Character("─"), count: canvas.columns)
    var labels = ""
    for (tick, label) in zip(axis.ticks, axis.labels) {
      let column = canvas.dot(axis.position(tick), 0).x / 2
      line[column] = "┬"
      let start = max(0, min(margin + 2 + column - label.count / 2, margin + 2 + canvas.columns - label.count))
      guard labels.isEmpty || start > labels.count else { continue }
      labels += String(repeating: " ", count: start - labels.count) + label
    }
    return [padded("", to: margin) + " └" + String(line), labels]
  }

  private func padded(_ text: String, to width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }
}
