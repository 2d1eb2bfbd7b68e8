public import Registry

/// A part that is one expression of one tensor, whatever its kind: a penalty on a weight, a limit of its norm.
///
/// Law, a check in `Conformance`: of zeros and of ±1e4, the result is finite, and so is its gradient where that is checked.
///
/// `fledge apply` and `Conformance` know such a part by this protocol alone: a kind whose protocol inherits from it needs
/// nothing there.
public protocol TensorFunction: Component {
  /// What the part makes of a tensor.
  func result(of x: Value) -> Value

  /// Whether the gradient of the result is checked against central differences. Default: false.
  static var isDifferentiable: Bool { get }

  /// Whether a second application changes nothing. Default: false.
  static var isProjection: Bool { get }

  /// Which law of its kind a result breaks; nil if it keeps them all. Both are finite. Default: nil.
  func violation(input: Tensor, result: Tensor) -> String?
}

extension TensorFunction {
  public static var isDifferentiable: Bool { false }
  public static var isProjection: Bool { false }
  public func violation(input: Tensor, result: Tensor) -> String? { nil }
}
