public import Registry
public import Tensors

/// Keeps the shape. Inverted: what is kept is scaled in training, so that inference does nothing.
public struct Dropout: Layer {
  public static let name = "dropout"
  public static let summary = "in training, each number is zero with probability rate, else divided by 1 − rate"
  public static let reference =
    "Srivastava et al. 2014, Dropout: a simple way to prevent neural networks from overfitting"

  @Parameter("probability that a number is dropped", in: 0..<1) public var rate = 0.5

  public init() {}

  public init(_ rate: Double) { self.rate = rate }

  public func callAsFunction(_ x: Value, in scope: Scope) throws(ModelError) -> Value {
    guard scope.phase == .training, rate > 0 else { return x }
    let isKept = scope.random("mask", x.shape) .< (1 - rate)
    return x * (isKept * (1 / (1 - rate)))
  }
}
