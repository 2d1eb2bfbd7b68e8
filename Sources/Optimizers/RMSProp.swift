import Registry
public import Tensors

public struct RMSProp: Optimizer {
  public static let name = "rmsprop"
  public static let summary = "a step along the gradient over the root of its mean square"
  public static let formula =
    "v ← d·v + (1 − d)·g²; w ← w − rate·g/(√v + ε), centered: √(v − m²) with m the mean gradient"
  public static let reference =
    "Hinton 2012, Neural networks for machine learning, lecture 6e; centered: Graves 2013; torch.optim.RMSprop"

  @Parameter("learning rate", in: 0...) public var rate = 0.01
  @Parameter("share of the mean square that each step keeps", in: 0..<1) public var decay = 0.99
  @Parameter("share of the last step that is kept", in: 0..<1) public var momentum = 0.0
  @Parameter("whether the variance is used instead of the mean square") public var centered = false
  @Parameter("added to the root", in: .above(0)) public var epsilon = 1e-8

  public init() {}

  public func callAsFunction(_ parameter: Value, gradient: Value, _ update: UpdateScope) -> Value {
    var square = update.state("square_avg") { decay * $0 + (1 - decay) * gradient.squared() }
    if centered {
      let mean = update.state("grad_avg") { decay * $0 + (1 - decay) * gradient }
      // Rounding may bring the difference below zero.
      square = max(square - mean.squared(), 0)
    }
    let direction = gradient / (square.squareRoot() + epsilon)
    guard momentum != 0 else { return parameter - update.rate * direction }
    return parameter - update.rate * update.state("momentum_buffer") { momentum * $0 + direction }
  }
}
