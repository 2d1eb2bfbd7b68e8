public import Registry
public import Tensors

/// How a parameter moves, given its gradient: one step as an expression.
///
/// Rules, names of states and defaults are those of `torch.optim`, except that weight decay touches weights alone, never
/// biases and factors of normalisations. Laws, each a check in `Conformance`: the new parameter has the old one's shape;
/// every state is declared through ``UpdateScope``; at a minimum (gradient and states zero) a parameter without decay stays;
/// parameter and states stay finite.
public protocol Optimizer: Component {
  /// The base rate, which a scheduler changes from step to step.
  var rate: Double { get }

  /// The parameter after the step. The present rate, the step's number and the optimizer's state come from `update`.
  func callAsFunction(_ parameter: Value, gradient: Value, _ update: UpdateScope) -> Value
}

extension Kind where Part == any Optimizer {
  public static var optimizer: Self {
    Kind("optimizer", standard: "adam", example: "adam(rate: 1e-3)", template: .optimizer)
  }
}

extension Registry {
  public mutating func register(_ part: (some Optimizer).Type) { add(part, as: .optimizer) }
}

extension Parameter where Value == any Optimizer {
  /// An optimizer that another one holds, which must be given.
  public init(_ help: String, example: Value) {
    self.init(help, kind: .optimizer, example: example) { $0 }
  }

  public init(wrappedValue: Value, _ help: String) {
    self.init(wrappedValue: wrappedValue, help, kind: .optimizer) { $0 }
  }
}
