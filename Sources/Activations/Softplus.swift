public import Registry
public import Tensors

public struct Softplus: Activation {
  public static let name = "softplus"
  public static let summary = "log(1 + e^(βx))/β: a smooth relu"
  public static let reference =
    "Dugas et al. 2001, Incorporating second-order functional knowledge for better option pricing"

  @Parameter("sharpness of the bend", in: .above(0)) public var beta = 1.0

  public init() {}

  public func callAsFunction(_ x: Value) -> Value { (beta * x).softplus() / beta }
}
