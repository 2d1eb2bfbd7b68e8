public import Registry

/// What people watch of a split of the data: a ``MeanMetric`` or a ``SplitMetric``.
public protocol Metric: Component {
  /// How it is computed; given by the protocol that the metric conforms to.
  var form: MetricForm { get }
}

public enum MetricForm: Sendable {
  /// One number an example, whose mean is reported.
  case mean(any MeanMetric)
  /// Sums over all examples, of which the host makes figures and tables.
  case split(any SplitMetric)
}

extension Kind where Part == any Metric {
  public static var metric: Self { Kind("metric", example: "accuracy, top-k(5)", template: .metric) }
}

extension Registry {
  public mutating func register(_ part: (some Metric).Type) { add(part, as: .metric) }
}
