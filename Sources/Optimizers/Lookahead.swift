public import Registry
public import Tensors

public struct Lookahead: Optimizer {
  public static let name = "lookahead"
  public static let summary = "slow weights that move towards where another optimizer got in some steps"
  public static let formula =
    "w ← a step of inner; after every so many steps φ ← φ + α·(w − φ), w ← φ; φ is w before the first step"
  public static let reference = "Zhang et al. 2019, Lookahead optimizer: k steps forward, 1 step back, algorithm 1"

  @Parameter("what takes the steps; its rate is the learning rate", example: Adam()) public var inner: any Optimizer
  @Parameter("steps after which the slow weights move", in: 1...) public var steps = 5
  @Parameter("part of the way that the slow weights go", in: 0...1) public var alpha = 0.5

  public init() {}

  public var rate: Double { inner.rate }

  public func callAsFunction(_ parameter: Value, gradient: Value, _ update: UpdateScope) -> Value {
    let fast = update.apply(inner, to: parameter, gradient: gradient, at: "inner")
    let isDue = (update.step / Double(steps)).floor() * Double(steps) .== update.step
    let slow = update.state("slow", initially: .parameter) { old in
      isDue.select(old + alpha * (fast - old), old)
    }
    return isDue.select(slow, fast)
  }
}
