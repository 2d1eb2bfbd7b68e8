import Registry
public import Tensors

public struct Adam: Optimizer {
  public static let name = "adam"
  public static let summary =
    "momentum over the root of the mean square gradient, both corrected for their start at zero"
  public static let formula =
    "m ← β₁·m + (1 − β₁)·g; v ← β₂·v + (1 − β₂)·g²; w ← w − rate·m̂/(√v̂ + ε), m̂ = m/(1 − β₁ᵗ), v̂ = v/(1 − β₂ᵗ)"
  public static let reference = "Kingma & Ba 2015; amsgrad: Reddi, Kale, Kumar 2018; torch.optim.Adam"

  @Parameter("learning rate", in: 0...) public var rate = 1e-3
  @Parameter("share of the mean gradient that each step keeps", in: 0..<1) public var beta1 = 0.9
  @Parameter("share of the mean square that each step keeps", in: 0..<1) public var beta2 = 0.999
  @Parameter("added to the root", in: .above(0)) public var epsilon = 1e-8
  @Parameter("whether the greatest mean square so far is used") public var amsgrad = false
  @Parameter("l2 decay added to the gradient of weights", in: 0...) public var weightDecay = 0.0

  public init() {}

  public func callAsFunction(_ parameter: Value, gradient: Value, _ update: UpdateScope) -> Value {
    let gradient = update.decayed(gradient, parameter, by: weightDecay)
    return adaptiveStep(parameter, gradient, update, beta1: beta1, beta2: beta2, epsilon: epsilon, amsgrad: amsgrad)
  }
}

/// The step that Adam and AdamW share.
func adaptiveStep(
  _ parameter: Value, _ gradient: Value, _ update: UpdateScope, beta1: Double, beta2: Double, epsilon: Double,
  amsgrad: Bool
) -> Value {
  let mean = update.state("exp_avg") { beta1 * $0 + (1 - beta1) * gradient }
  var square = update.state("exp_avg_sq") { beta2 * $0 + (1 - beta2) * gradient.squared() }
  if amsgrad {
    let latest = square
    square = update.state("max_exp_avg_sq") { max($0, latest) }
  }
  // Scalars first: one division and one multiplication an element are left.
  let rootShare = update.filledShare(beta2).squareRoot().reciprocal()
  let stepSize = update.rate / update.filledShare(beta1)
  return parameter - stepSize * (mean / (square.squareRoot() * rootShare + epsilon))
}
