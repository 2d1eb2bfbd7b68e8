import Charts
import Experiments

/// The losses of a run over its steps, for the terminal.
struct LossChart {
  private let series: [Series]

  init(ofRun run: String, in store: ExperimentStore) throws {
    let names = try store.metricNames(ofRun: run)
    series = try ["train.loss", "validation.loss"].filter(names.contains).map { name in
      try MetricChart.series(name, store.metrics(ofRun: run, name: name))
    }
  }

  /// Nil where there is no line to draw.
  var text: String? {
    guard series.contains(where: { $0.points.count > 1 }) else { return nil }
    return MetricChart.text(series, title: "loss")
  }
}

/// Metrics over steps.
enum MetricChart {
  /// The points, thinned by means where there are more than a terminal can show.
  static func series(_ name: String, _ points: [MetricPoint]) -> Series {
    let size = max(1, points.count / 80)
    return Series(
      name.printable,
      points: stride(from: 0, to: points.count, by: size).map { start in
        let group = points[start..<min(start + size, points.count)]
        let mean = group.reduce(0) { $0 + $1.value } / Double(group.count)
        return Series.Point(Double(group.last?.step ?? 0), mean)
      })
  }

  static func text(_ series: [Series], title: String) -> String {
    LineChart(series: series, title: title.printable, xLabel: "step")
      .terminalText(width: Terminal.output.chartWidth, isColored: Terminal.output.isColored)
  }
}
