public import Registry

/// One figure at one step.
public struct MetricPoint: Sendable, Hashable, Codable {
  /// `train.loss`, `validation.accuracy` ….
  public let name: String
  public let step: Int
  public let epoch: Int
  /// Kept bit for bit, infinities too; NaN comes back as NaN.
  public let value: Double
  /// Kept once a metric of a run; nil leaves what was recorded before.
  public let direction: MetricDirection?

  public init(name: String, step: Int, epoch: Int, value: Double, direction: MetricDirection? = nil) {
    self.name = name
    self.step = step
    self.epoch = epoch
    self.value = value
    self.direction = direction
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
  /// As it was recorded, else guessed from the name.
  public let direction: MetricDirection

  /// The minimum or the maximum; nil where neither direction is better.
  public var best: Double? {
    switch direction {
    case .lower: minimum
    case .higher: maximum
    case .neither: nil
    }
  }
}
