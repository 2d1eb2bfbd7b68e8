public import Registry
public import Tensors

/// A penalty on weights that is added to the loss.
///
/// Laws, each a check in `Conformance`: the penalty is a scalar, finite and not negative; its gradient is that of the formula.
public protocol Regularizer: Component {
  /// The penalty of one parameter, a scalar.
  func callAsFunction(_ parameter: Value) -> Value
}

extension Kind where Part == any Regularizer {
  public static var regularizer: Self { Kind("regularizer") }
}

extension Registry {
  public mutating func register(_ part: (some Regularizer).Type) { add(part, as: .regularizer) }
}
