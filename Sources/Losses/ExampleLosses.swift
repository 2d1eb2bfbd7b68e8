public import Tensors
public import Registry

/// The losses of some examples, and how much each example counts.
public struct ExampleLosses {
  /// `[batch]`: each example's loss times what the example counts.
  public let values: Value
  /// `[batch]`: what each example counts, at least 0; nil if all count one.
  public let weights: Value?

  public init(_ values: Value, weights: Value? = nil) {
    self.values = values
    self.weights = weights
  }

  /// Σ w·l, a scalar.
  public var sum: Value { values.sum(over: [0]).reshaped(.scalar) }

  /// Σ w·l / Σ w, a scalar; 0 of examples that count nothing.
  public var mean: Value {
    guard let weightSum else { return values.mean(over: [0]).reshaped(.scalar) }
    return sum / max(weightSum, 1e-30)
  }

  /// Σ w, a scalar; nil if all examples count one.
  public var weightSum: Value? { weights?.sum(over: [0]).reshaped(.scalar) }

  /// What training makes small.
  public func reduced(by reduction: LossReduction) -> Value {
    switch reduction {
    case .mean: mean
    case .sum: sum
    }
  }
}

/// How the losses of a batch become the one number that is differentiated. Figures are means either way, so that batches
/// and splits of any size compare.
public enum LossReduction: String, ParameterChoice {
  case mean, sum
}

/// What a loss may know of the data besides a batch.
public struct LossContext: Sendable {
  /// Training examples of each class; nil where targets are numbers.
  public let classCounts: [Int]?

  public init(classCounts: [Int]? = nil) { self.classCounts = classCounts }
}
