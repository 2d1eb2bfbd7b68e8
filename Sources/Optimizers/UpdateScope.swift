public import Tensors

/// What an optimizer knows of one parameter's update besides the gradient.
public struct UpdateScope {
  /// The rate of this step, a scalar.
  public let rate: Value
  /// The step's number, a scalar that is 1 at the first step.
  public let step: Value
  /// What is being updated.
  public let parameter: Variable
  private let declared = Declared()

  private final class Declared {
    var states: [OptimizerState] = []
  }

  public init(_ parameter: Variable, rate: Value, step: Value) {
    self.parameter = parameter
    self.rate = rate
    self.step = step
  }

  /// Whether the parameter is a factor of its layer's input: the only ones that weight decay touches.
  public var isWeight: Bool { parameter.role == .weight }

  /// The states declared so far, in order: whoever runs the program writes their first values.
  public var states: [OptimizerState] { declared.states }

  /// A tensor of the parameter's shape that is kept between steps, as `<parameter>.<name>`.
  ///
  /// `next` makes its new value of the old one; the new value is returned.
  public func state(_ name: String, initially initial: Double = 0, _ next: (Value) -> Value) -> Value {
    let variable = Variable(name: "\(parameter.name).\(name)", shape: parameter.shape, role: .optimizerState)
    declared.states.append(OptimizerState(variable: variable, initialValue: initial))
    let value = next(rate.trace.variable(variable))
    rate.trace.assign(value, to: variable)
    return value
  }
}

/// A tensor that an optimizer keeps.
public struct OptimizerState: Sendable, Equatable {
  public let variable: Variable
  /// What every element is before the first step.
  public let initialValue: Double

  /// The tensor before the first step.
  public var initialTensor: Tensor { Tensor(variable.shape) { _ in initialValue } }
}

extension UpdateScope {
  /// The gradient with l2 decay added, where decay applies.
  func decayed(_ gradient: Value, _ parameter: Value, by weightDecay: Double) -> Value {
    weightDecay != 0 && isWeight ? gradient + weightDecay * parameter : gradient
  }

  /// 1 − decayᵗ, the share of a moving average that has been filled by step t; exact for decays near one.
  func filledShare(_ decay: Double) -> Value {
    // log(0) would make the product of zero and infinity at step zero.
    decay == 0 ? step.trace.constant(1) : -(step * Operation.Unary.logarithm.result(decay)).exponentialMinusOne()
  }
}
