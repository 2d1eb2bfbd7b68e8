public import Registry

extension MetricDirection {
  private static let lowerWords: Set<Substring> = [
    "loss", "error", "errors", "perplexity", "entropy", "distance", "divergence", "penalty", "cost", "duration",
    "seconds",
  ]

  /// A guess for metrics that were recorded without a direction, as all were in version 0.1: lower for losses, errors
  /// and their like, higher for all others.
  public init(guessedFrom metric: String) {
    let last = metric.split(separator: ".").last ?? ""
    let words = last.split { $0 == "-" || $0 == "_" }
    self = words.contains { Self.lowerWords.contains($0) } ? .lower : .higher
  }
}
