import Registry
public import Tensors

public struct AdaGrad: Optimizer {
  public static let name = "adagrad"
  public static let summary = "a step along the gradient over the root of the sum of all its squares"
  public static let formula = "s ← s + g²; w ← w − rate/(1 + (t − 1)·rate-decay)·g/(√s + ε)"
  public static let reference = "Duchi, Hazan, Singer 2011, Adaptive subgradient methods; torch.optim.Adagrad"

  @Parameter("learning rate", in: 0...) public var rate = 0.01
  @Parameter("fall of the rate a step", in: 0...) public var rateDecay = 0.0
  @Parameter("l2 decay added to the gradient of weights", in: 0...) public var weightDecay = 0.0
  @Parameter("the sum before the first step", in: 0...) public var initialSum = 0.0
  @Parameter("added to the root", in: .above(0)) public var epsilon = 1e-10

  public init() {}

  public func callAsFunction(_ parameter: Value, gradient: Value, _ update: UpdateScope) -> Value {
    let gradient = update.decayed(gradient, parameter, by: weightDecay)
    let sum = update.state("sum", initially: .number(initialSum)) { $0 + gradient.squared() }
    let rate = rateDecay == 0 ? update.rate : update.rate / (1 + (update.step - 1) * rateDecay)
    return parameter - rate * (gradient / (sum.squareRoot() + epsilon))
  }
}
