public import Initializers
public import Registry
public import Tensors

/// `[batch, features]` → `[batch, units]`; parameters `weight` `[units, features]` and `bias` `[units]`.
public struct Dense: Layer {
  public static let name = "dense"
  public static let summary = "each output a weighted sum of all inputs"
  public static let formula = "y = x·Wᵀ + b"
  public static let reference = "Rosenblatt 1958, The perceptron; PyTorch's Linear"

  @Parameter("output features", in: .above(0, through: greatestSize), example: 10) public var units: Int
  @Parameter("whether a learned number is added to each output") public var bias = true
  @Parameter("first values of the weights; without it, the model's") public var initializer: (any Initializer)? = nil

  public init() {}

  public init(_ units: Int) { self.units = units }

  public func callAsFunction(_ x: Value, in scope: Scope) throws(ModelError) -> Value {
    guard x.shape.rank == 2 else {
      let remedy = x.shape.rank > 2 ? "; add flatten before it" : ""
      throw scope.error("expected 2 axes [batch, features], got \(x.shape)\(remedy)")
    }
    let weight = scope.parameter(
      "weight", [units, x.shape[1]], fan: Fan(input: x.shape[1], output: units), initializer: initializer,
      initialize: initializer?.initialization)
    let y = x.matmul(weight, transposeSecond: true)
    return bias ? y + scope.parameter("bias", [units], role: .bias) : y
  }
}
