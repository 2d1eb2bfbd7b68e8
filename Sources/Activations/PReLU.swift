public import Registry
public import Tensors

/// `[batch, channels, …]`, kept; parameter `weight` `[channels]`, or `[1]` if shared. Weight decay leaves it alone.
public struct PReLU: ScopedActivation {
  public static let name = "prelu"
  public static let summary = "x for x ≥ 0, below it times a slope that is learned"
  public static let formula = "y = max(x, 0) + w·min(x, 0), one w a channel or one for all"
  public static let reference = "He et al. 2015, Delving deep into rectifiers; PyTorch's PReLU"

  @Parameter("first value of the slopes") public var initial = 0.25
  @Parameter("whether all channels have one slope") public var shared = false

  public init() {}

  public func callAsFunction(_ x: Value, in scope: Scope) throws(ModelError) -> Value {
    guard x.shape.rank >= 2 else { throw scope.error("expected [batch, channels, …], got \(x.shape)") }
    let initial = initial
    let slope = scope.parameter("weight", [shared ? 1 : x.shape[1]], role: .scale) { shape, _, _ in
      Tensor(shape) { _ in initial }
    }
    return max(x, 0) + slope.alongChannels(ofRank: x.shape.rank) * min(x, 0)
  }
}
