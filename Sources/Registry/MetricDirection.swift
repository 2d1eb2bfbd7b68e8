/// Which way a metric improves.
public enum MetricDirection: String, Sendable, Hashable, Codable, CaseIterable {
  case lower
  case higher
  /// Nothing is better or worse, as of a learning rate: such a metric has no best value.
  case neither

  /// Whether a value is better than another by more than a margin. NaN is never better.
  public func isBetter(_ value: Double, than other: Double, by margin: Double = 0) -> Bool {
    switch self {
    case .lower: other - value > margin
    case .higher: value - other > margin
    case .neither: false
    }
  }
}
