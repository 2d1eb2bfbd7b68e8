import Observers
import Registry
import TrainingMetrics

extension [any Metric] {
  /// What the figures of the metrics are called: their names, with arguments where two share one.
  var names: [String] {
    let names = map { type(of: $0).name }
    return enumerated().map { index, metric in
      names.count { $0 == names[index] } > 1 ? Specification(brief: metric).description : names[index]
    }
  }

  /// The metrics that are means over examples, by what their figures are called.
  var means: [(name: String, metric: any MeanMetric)] {
    zip(names, self).compactMap { name, metric in
      if case .mean(let metric) = metric.form { (name, metric) } else { nil }
    }
  }

  /// The metrics of whole splits, by what their figures begin with.
  var ofSplits: [(name: String, metric: any SplitMetric)] {
    zip(names, self).compactMap { name, metric in
      if case .split(let metric) = metric.form { (name, metric) } else { nil }
    }
  }

  /// What is known of a step: the loss, then the means.
  var stepFigures: [FigureDeclaration] {
    [.loss] + means.map { FigureDeclaration($0.name, $0.metric.direction) }
  }

  /// What is measured of a whole split: the loss, then the figures of each metric, in order.
  var splitFigures: [FigureDeclaration] {
    [.loss]
      + zip(names, self).flatMap { name, metric in
        switch metric.form {
        case .mean(let metric): [FigureDeclaration(name, metric.direction)]
        case .split(let metric):
          metric.figures.map { FigureDeclaration(figureName($0.name, of: name), $0.direction) }
        }
      }
  }
}

/// What a figure of a whole split is called: as its metric, or behind the metric's name and a dot.
func figureName(_ name: String, of metric: String) -> String { name.isEmpty ? metric : "\(metric).\(name)" }
