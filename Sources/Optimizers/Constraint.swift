public import Registry
public import Tensors

/// What weights are held to: each is brought back to the nearest one allowed, after every update.
///
/// Weights alone are constrained, never biases and the factors of normalisations. Laws, each a check in `Conformance`:
/// the shape is kept; a second application changes nothing.
public protocol Constraint: TensorFunction {
  /// The weight that is allowed, in the shape of `parameter`.
  func callAsFunction(_ parameter: Value) -> Value
}

extension Constraint {
  public static var isProjection: Bool { true }
  public func result(of x: Value) -> Value { self(x) }

  public func violation(input: Tensor, result: Tensor) -> String? {
    result.shape == input.shape ? nil : "makes \(result.shape) of a weight \(input.shape)"
  }
}

extension Kind where Part == any Constraint {
  public static var constraint: Self { Kind("constraint", example: "max-norm(3)", template: .constraint) }
}

extension Registry {
  public mutating func register(_ part: (some Constraint).Type) { add(part, as: .constraint) }
}

extension Value {
  /// Along each axis but the first, the axes over which the weights of one output lie: `[outputs, inputs, …]`.
  var axesOfOneOutput: [Int] { Array(shape.sizes.indices.dropFirst()) }
}
