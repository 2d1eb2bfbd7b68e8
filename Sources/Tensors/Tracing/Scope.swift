public import Registry

/// Where a part stands in a model: makes its parameters, running state and randomness under paths such as `3.weight`.
public struct Scope {
  /// Whether dropout drops and normalisation measures.
  public enum Phase: Sendable { case training, inference }

  /// How a new parameter gets its first value.
  public typealias Initialization = @Sendable (_ shape: Shape, _ fan: Fan, _ stream: inout RandomStream) -> Tensor

  public let model: ModelTrace
  /// The path of this place, innermost name last; empty at the top.
  public let path: String
  /// What stands here, as the user wrote it, for messages.
  public let layer: String

  public init(_ model: ModelTrace) {
    self.init(model: model, path: "", layer: "model")
  }

  private init(model: ModelTrace, path: String, layer: String) {
    self.model = model
    self.path = path
    self.layer = layer
  }

  public var trace: Trace { model.trace }
  public var phase: Phase { model.phase }

  /// The place named `name` below this one.
  public func child(_ name: String) -> Scope { Scope(model: model, path: join(name), layer: layer) }

  /// A learned tensor. `initialize` is the part's own choice; without it, weights take the model's initializer, other roles
  /// zeros (scales ones). `initializer` is the part whose formula `initialize` is, if it is one's.
  public func parameter(
    _ name: String, _ shape: Shape, role: Variable.Role = .weight, fan: Fan? = nil,
    initializer: (any Component)? = nil, initialize: Initialization? = nil
  ) -> Value {
    let fallback: Initialization =
      switch role {
      case .weight: model.initialization
      case .scale: { shape, _, _ in Tensor(shape) { _ in 1 } }
      default: { shape, _, _ in Tensor(shape) { _ in 0 } }
      }
    let fan = fan ?? Fan(input: shape.elementCount, output: shape.elementCount)
    let source: ModelTrace.InitialSource =
      if let initializer { .part(initializer) } else { initialize == nil && role == .weight ? .model : .layer }
    return declare(Variable(name: join(name), shape: shape, role: role), from: source) { stream in
      (initialize ?? fallback)(shape, fan, &stream)
    }
  }

  /// A tensor that the layer keeps between steps and does not learn.
  public func statistic(_ name: String, _ shape: Shape, initially value: Double) -> Value {
    declare(Variable(name: join(name), shape: shape, role: .statistic), from: .layer) { _ in
      Tensor(shape) { _ in value }
    }
  }

  /// Makes `value` the statistic's value after the step; in training alone.
  public func update(_ name: String, to value: Value) {
    guard phase == .training else { return }
    trace.assign(value.detached(), to: Variable(name: join(name), shape: value.shape, role: .statistic))
  }

  /// Numbers in [0, 1), new at each step.
  public func random(_ name: String, _ shape: Shape) -> Value { trace.random(shape, stream: "\(join(name))#") }

  /// Applies a part that stands at `name`; what goes wrong in it is said of its place. Throws, too, when the model has more
  /// parts than ``ModelTrace/partBudget``.
  public func apply(_ part: any Transform, to x: Value, at name: String) throws(ModelError) -> Value {
    guard model.layers.count < ModelTrace.partBudget else {
      throw error("the model has more than \(ModelTrace.partBudget) parts; use fewer layers or repetitions")
    }
    let place = Scope(model: model, path: join(name), layer: Specification(brief: part).description)
    let y = try part(x, in: place)
    do {
      try trace.check()
    } catch {
      throw place.error(error.description)
    }
    model.record(y, of: x, at: place)
    return y
  }

  /// An error about this place.
  public func error(_ problem: String) -> ModelError { ModelError(path: path, layer: layer, problem: problem) }

  private func join(_ name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }

  private func declare(
    _ variable: Variable, from source: ModelTrace.InitialSource, initial: @escaping (inout RandomStream) -> Tensor
  ) -> Value {
    model.declare(variable, from: source, initial)
    return trace.variable(variable)
  }
}
