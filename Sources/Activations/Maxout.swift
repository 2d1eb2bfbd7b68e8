public import Registry
public import Tensors

/// `[batch, channels, …]` → `[batch, channels / pieces, …]`.
public struct Maxout: ScopedActivation {
  public static let name = "maxout"
  public static let summary = "the maximum of each group of channels: as many fewer channels"
  public static let formula = "y[c] = the maximum of x[c·pieces] … x[c·pieces + pieces − 1]"
  public static let reference = "Goodfellow et al. 2013, Maxout networks"
  public static let changesChannels = true

  @Parameter("channels of a group", in: 1...1024) public var pieces = 2

  public init() {}

  public func callAsFunction(_ x: Value, in scope: Scope) throws(ModelError) -> Value {
    guard x.shape.rank >= 2 else { throw scope.error("expected [batch, channels, …], got \(x.shape)") }
    let (batch, channels, inner) = (x.shape[0], x.shape[1], x.shape.sizes.dropFirst(2))
    guard channels.isMultiple(of: pieces) else {
      let least = Swift.max(1, channels / pieces) * pieces
      throw scope.error(
        "\(channels) channels cannot be split into groups of \(pieces): let the layer before it make a multiple, such as "
          + "\(least), or choose pieces that divide \(channels)")
    }
    let groups = x.reshaped(Shape([batch, channels / pieces, pieces] + inner))
    return groups.maximum(over: [2]).reshaped(Shape([batch, channels / pieces] + inner))
  }
}
