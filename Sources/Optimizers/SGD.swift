import Registry
public import Tensors

public struct SGD: Optimizer {
  public static let name = "sgd"
  public static let summary = "a step against the gradient, with momentum if wanted"
  public static let formula =
    "b ← μ·b + (1 − dampening)·g (at the first step b ← g); w ← w − rate·b, nesterov: − rate·(g + μ·b)"
  public static let reference =
    "Robbins & Monro 1951; Polyak 1964; Nesterov 1983; Sutskever et al. 2013; torch.optim.SGD"

  @Parameter("learning rate", in: 0...) public var rate = 0.01
  @Parameter("share of the last step that is kept", in: 0..<1) public var momentum = 0.0
  @Parameter("whether the gradient is looked at ahead of the step; needs momentum and no dampening")
  public var nesterov = false
  @Parameter("share of the gradient that does not enter the momentum", in: 0...1) public var dampening = 0.0
  @Parameter("l2 decay added to the gradient of weights", in: 0...) public var weightDecay = 0.0

  public init() {}

  public func validate() throws {
    guard nesterov else { return }
    guard momentum > 0 else { throw ArgumentError("nesterov needs momentum above 0", at: "nesterov") }
    guard dampening == 0 else { throw ArgumentError("nesterov needs dampening 0, not \(dampening)", at: "dampening") }
  }

  public func callAsFunction(_ parameter: Value, gradient: Value, _ update: UpdateScope) -> Value {
    let gradient = update.decayed(gradient, parameter, by: weightDecay)
    guard momentum != 0 else { return parameter - update.rate * gradient }
    let buffer = update.state("momentum_buffer") { old in
      if dampening == 0 { return momentum * old + gradient }
      let isFirst = update.step .== update.step.trace.constant(1)
      return momentum * old + (1 - dampening * (1 - isFirst)) * gradient
    }
    return parameter - update.rate * (nesterov ? gradient + momentum * buffer : buffer)
  }
}
