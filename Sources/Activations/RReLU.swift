public import Registry
public import Tensors

/// Any shape, kept. Training draws a slope for each number at each step; inference takes their mean.
public struct RReLU: ScopedActivation {
  public static let name = "rrelu"
  public static let summary = "x for x ≥ 0, below it times a slope that is random in training"
  public static let formula = "y = max(x, 0) + a·min(x, 0), a from U(lower, upper); in inference a = (lower + upper)/2"
  public static let reference =
    "Xu et al. 2015, Empirical evaluation of rectified activations in convolutional network; PyTorch's RReLU"

  @Parameter("least slope below zero", in: 0...1) public var lower = 1.0 / 8
  @Parameter("greatest slope below zero", in: 0...1) public var upper = 1.0 / 3

  public init() {}

  public func callAsFunction(_ x: Value, in scope: Scope) throws(ModelError) -> Value {
    guard lower <= upper else { throw scope.error("lower is \(lower), and must be at most upper, which is \(upper)") }
    guard scope.phase == .training else { return max(x, 0) + (lower + upper) / 2 * min(x, 0) }
    let slope = lower + (upper - lower) * scope.random("slope", x.shape)
    return max(x, 0) + slope * min(x, 0)
  }
}
