public import Registry
public import Tensors

/// A penalty on weights that is added to the loss.
///
/// Laws, each a check in `Conformance`: the penalty is a scalar, finite and not negative; its gradient is that of the formula;
/// both are finite at zeros and at ±1e4.
public protocol Regularizer: TensorFunction {
  /// The penalty of one parameter, a scalar.
  func callAsFunction(_ parameter: Value) -> Value
}

extension Regularizer {
  public static var isDifferentiable: Bool { true }
  public func result(of x: Value) -> Value { self(x) }

  public func violation(input: Tensor, result: Tensor) -> String? {
    guard result.shape == .scalar else { return "the penalty is \(result.shape), not a scalar" }
    return result.doubles[0] >= 0 ? nil : "the penalty is \(result.doubles[0])"
  }
}

extension Kind where Part == any Regularizer {
  public static var regularizer: Self { Kind("regularizer", example: "l2(1e-4)", template: .regularizer) }
}

extension Registry {
  public mutating func register(_ part: (some Regularizer).Type) { add(part, as: .regularizer) }
}
