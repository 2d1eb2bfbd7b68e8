public import Tensors

/// What an optimizer knows of one parameter's update besides the gradient.
public struct UpdateScope {
  /// What is being updated: its name, shape and role.
  public let parameter: Variable
  /// Whether the parameter is of the model's last layer: of the one whose outputs are the predictions.
  public let isOfLastLayer: Bool
  /// The rate of this step, a scalar.
  public let rate: Value
  /// The step's number, a scalar that is 1 at the first step.
  public let step: Value
  /// What the step makes small, at the parameters before the update: the loss with all penalties, a scalar.
  public let objective: Value
  /// The rate that the scheduler starts from.
  private let baseRate: Double
  /// What the names of states begin with.
  private let path: String
  private let declared: Declared

  private final class Declared {
    var states: [OptimizerState] = []
  }

  /// The update of `parameter` by `optimizer`, in a step whose rate, number and objective are known.
  public init(
    _ parameter: Variable, by optimizer: any Optimizer, rate: Value, step: Value, objective: Value,
    isOfLastLayer: Bool = false
  ) {
    self.parameter = parameter
    self.isOfLastLayer = isOfLastLayer
    self.rate = rate
    self.step = step
    self.objective = objective
    baseRate = optimizer.rate
    path = parameter.name
    declared = Declared()
  }

  /// The update by an optimizer that another holds.
  private init(_ outer: UpdateScope, by optimizer: any Optimizer, at name: String) {
    parameter = outer.parameter
    isOfLastLayer = outer.isOfLastLayer
    // A base rate of 0 tells nothing of the schedule.
    rate =
      outer.baseRate == 0
      ? outer.step.trace.constant(optimizer.rate) : outer.rate * (optimizer.rate / outer.baseRate)
    step = outer.step
    objective = outer.objective
    baseRate = optimizer.rate
    path = "\(outer.path).\(name)"
    declared = outer.declared
  }

  /// Whether the parameter is a factor of its layer's input: the only ones that weight decay touches.
  public var isWeight: Bool { parameter.role == .weight }

  /// The states declared so far, in order: whoever runs the program writes their first values.
  public var states: [OptimizerState] { declared.states }

  /// A tensor of the parameter's shape that is kept between steps, as `<parameter>.<name>`.
  ///
  /// `next` makes its new value of the old one; the new value is returned.
  public func state(
    _ name: String, initially first: OptimizerState.FirstValue = .number(0), _ next: (Value) -> Value
  ) -> Value {
    keep(name, parameter.shape, first, next)
  }

  /// A number that is kept between steps, as ``state(_:initially:_:)`` keeps a tensor.
  public func number(_ name: String, initially first: Double = 0, _ next: (Value) -> Value) -> Value {
    keep(name, .scalar, .number(first), next)
  }

  /// Numbers in [0, 1) in the parameter's shape, new at each step.
  public func random(_ name: String) -> Value { step.trace.random(parameter.shape, stream: "\(path).\(name)#") }

  /// The parameter after a step of an optimizer that this one holds as `name`.
  ///
  /// Its states are `<parameter>.<name>.<state>`; its rate is its own base rate, scheduled as that of the outer one.
  public func apply(_ inner: any Optimizer, to parameter: Value, gradient: Value, at name: String) -> Value {
    inner(parameter, gradient: gradient, UpdateScope(self, by: inner, at: name))
  }

  private func keep(
    _ name: String, _ shape: Shape, _ first: OptimizerState.FirstValue, _ next: (Value) -> Value
  ) -> Value {
    let variable = Variable(name: "\(path).\(name)", shape: shape, role: .optimizerState)
    declared.states.append(OptimizerState(variable: variable, parameter: parameter, firstValue: first))
    let value = next(step.trace.variable(variable))
    step.trace.assign(value, to: variable)
    return value
  }
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
