import Registry
public import Tensors

public struct L2: Regularizer {
  public static let name = "l2"
  public static let summary = "rate·Σw²: prefers many small weights to few great ones"
  public static let reference = "Hoerl & Kennard 1970, Ridge regression; Krogh & Hertz 1992, A simple weight decay"

  @Parameter("strength", in: 0...) public var rate = 1e-4

  public init() {}

  public func callAsFunction(_ parameter: Value) -> Value { rate * parameter.squared().total() }
}
