public import Registry
public import Tensors

/// A change of all gradients together, between differentiation and the optimizer.
///
/// Laws, each a check in `Conformance`: each gradient keeps its shape; none is turned round, Σ gᵢ·g′ᵢ ≥ 0.
public protocol GradientTransform: TensorFunction {
  /// The changed gradients, in the order of `gradients`.
  func callAsFunction(_ gradients: [ParameterGradient]) -> [Value]
}

/// A gradient with what it is the gradient of.
public struct ParameterGradient {
  public let parameter: Variable
  /// In the parameter's shape.
  public let value: Value

  public init(of parameter: Variable, _ value: Value) {
    self.parameter = parameter
    self.value = value
  }
}

extension GradientTransform {
  /// What becomes of a weight's gradient where there is no other.
  public func result(of x: Value) -> Value {
    self([ParameterGradient(of: Variable(name: "weight", shape: x.shape, role: .weight), x)]).first ?? x
  }

  public func violation(input: Tensor, result: Tensor) -> String? {
    guard result.shape == input.shape else { return "makes \(result.shape) of a gradient \(input.shape)" }
    let product = zip(input.doubles, result.doubles).reduce(0) { $0 + $1.0 * $1.1 }
    return product >= 0 ? nil : "turns the gradient round: the product of both is \(product)"
  }
}

extension Kind where Part == any GradientTransform {
  public static var gradientTransform: Self {
    Kind("gradient-transform", example: "clip-norm(1)", template: .gradientTransform)
  }
}

extension Registry {
  public mutating func register(_ part: (some GradientTransform).Type) { add(part, as: .gradientTransform) }
}
