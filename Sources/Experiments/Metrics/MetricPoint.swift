/// One figure at one step.
public struct MetricPoint: Sendable, Hashable, Codable {
  /// `train.loss`, `validation.accuracy` ….
  public let name: String
  public let step: Int
  public let epoch: Int
  /// Kept bit for bit, infinities too; NaN comes back as NaN.
  public let value: Double

  public init(name: String, step: Int, epoch: Int, value: Double) {
    self.name = name
    self.step = step
    self.epoch = epoch
    self.value = value
  }
}

/// What is known of a metric without reading its points.
public struct MetricSummary: Sendable, Hashable, Codable {
  public let name: String
  /// The value at the last step.
  public let last: Double
  /// Of the values that are numbers; NaN where none is.
  public let minimum: Double
  public let maximum: Double
  public let count: Int
  public let lastStep: Int

  /// The minimum or the maximum, by `MetricDirection`.
  public var best: Double {
    MetricDirection(name) == .lower ? minimum : maximum
  }
}

/// Which way a metric improves, told by its name: lower for losses, errors and their like, higher for all others.
public enum MetricDirection: Sendable, Hashable {
  case lower
  case higher

  private static let lowerWords: Set<Substring> = [
    "loss", "error", "errors", "perplexity", "entropy", "distance", "divergence", "penalty", "cost", "duration",
    "seconds",
  ]

  public init(_ metric: String) {
    let last = metric.split(separator: ".").last ?? ""
    let words = last.split { $0 == "-" || $0 == "_" }
    self = words.contains { Self.lowerWords.contains($0) } ? .lower : .higher
  }
}
