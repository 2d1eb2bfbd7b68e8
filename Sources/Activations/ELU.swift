public import Registry
public import Tensors

public struct ELU: Activation {
  public static let name = "elu"
  public static let summary = "x for x > 0, α(e^x − 1) below"
  public static let reference =
    "Clevert, Unterthiner, Hochreiter 2016, Fast and accurate deep network learning by exponential linear units"

  @Parameter("the value that −α is the limit of", in: 0...) public var alpha = 1.0

  public init() {}

  public func callAsFunction(_ x: Value) -> Value { max(x, 0) + alpha * min(x, 0).exponentialMinusOne() }
}
