public import Tensors

/// What an optimizer keeps of one parameter between steps.
public struct OptimizerState: Sendable, Equatable {
  public let variable: Variable
  /// What the state belongs to.
  public let parameter: Variable
  public let firstValue: FirstValue

  /// What a state is before the first step.
  public enum FirstValue: Sendable, Equatable {
    /// This number, in every element.
    case number(Double)
    /// The parameter itself, once that has its first value.
    case parameter
  }

  /// The tensor before the first step; `read` gives the parameter's value.
  public func firstTensor(_ read: (Variable) throws -> Tensor) rethrows -> Tensor {
    switch firstValue {
    case .number(let number): Tensor(variable.shape) { _ in number }
    case .parameter: try read(parameter)
    }
  }
}
