import Registry
public import Tensors

public struct AdamW: Optimizer {
  public static let name = "adamw"
  public static let summary = "adam with weight decay apart from the gradient"
  public static let formula = "w ← w − rate·decay·w, then adam's step"
  public static let reference = "Loshchilov & Hutter 2019, Decoupled weight decay regularization; torch.optim.AdamW"

  @Parameter("learning rate", in: 0...) public var rate = 1e-3
  @Parameter("share of the mean gradient that each step keeps", in: 0..<1) public var beta1 = 0.9
  @Parameter("share of the mean square that each step keeps", in: 0..<1) public var beta2 = 0.999
  @Parameter("added to the root", in: .above(0)) public var epsilon = 1e-8
  @Parameter("whether the greatest mean square so far is used") public var amsgrad = false
  @Parameter("decay of weights in units of the rate", in: 0...) public var weightDecay = 0.01

  public init() {}

  public func callAsFunction(_ parameter: Value, gradient: Value, _ update: UpdateScope) -> Value {
    let decays = weightDecay != 0 && update.isWeight
    let decayed = decays ? parameter * (1 - update.rate * weightDecay) : parameter
    return adaptiveStep(decayed, gradient, update, beta1: beta1, beta2: beta2, epsilon: epsilon, amsgrad: amsgrad)
  }
}
