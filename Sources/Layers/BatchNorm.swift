public import Registry
public import Tensors

/// `[batch, features]` or `[batch, channels, height, width]`, kept; parameters `weight` and `bias`, statistics
/// `running_mean` and `running_var`, each `[channels]`.
///
/// Training normalises by the batch's own moments and moves the running ones towards them, the variance without bias, as
/// PyTorch does; inference normalises by the running ones.
public struct BatchNorm: Layer {
  public static let name = "batch-norm"
  public static let summary = "each channel brought to mean 0 and variance 1, then scaled and shifted as learned"
  public static let formula = "y = w·(x − mean)/√(variance + ε) + b"
  public static let reference = "Ioffe & Szegedy 2015, Batch normalization; PyTorch's BatchNorm2d"

  @Parameter("share of the batch's moments that enters the running ones", in: 0...1) public var momentum = 0.1
  @Parameter("added to the variance", in: .above(0)) public var epsilon = 1e-5

  public init() {}

  public func callAsFunction(_ x: Value, in scope: Scope) throws(ModelError) -> Value {
    let rank = x.shape.rank
    guard rank == 2 || rank == 4 else {
      throw scope.error("expected [batch, features] or [batch, channels, height, width], got \(x.shape)")
    }
    let channels: Shape = [x.shape[1]]
    let weight = scope.parameter("weight", channels, role: .scale)
    let bias = scope.parameter("bias", channels, role: .bias)
    let runningMean = scope.statistic("running_mean", channels, initially: 0)
    let runningVariance = scope.statistic("running_var", channels, initially: 1)
    guard scope.phase == .training else {
      let scale = weight / (runningVariance + epsilon).squareRoot()
      let shift = bias - runningMean * scale
      return x * scale.alongChannels(ofRank: rank) + shift.alongChannels(ofRank: rank)
    }
    let axes = Array(x.shape.sizes.indices).filter { $0 != 1 }
    let count = axes.reduce(1) { $0 * x.shape[$1] }
    guard count > 1 else {
      throw scope.error(
        "one value a channel has no variance: training needs more than one, got \(x.shape); "
          + "use a batch size that leaves no batch of one")
    }
    let (normalized, mean, variance) = x.normalized(over: axes, epsilon: epsilon)
    let unbiased = variance.reshaped(channels) * (Double(count) / Double(count - 1))
    scope.update("running_mean", to: (1 - momentum) * runningMean + momentum * mean.reshaped(channels))
    scope.update("running_var", to: (1 - momentum) * runningVariance + momentum * unbiased)
    return normalized * weight.alongChannels(ofRank: rank) + bias.alongChannels(ofRank: rank)
  }
}
