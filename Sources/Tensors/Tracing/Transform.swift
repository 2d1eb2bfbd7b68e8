public import Registry

/// What may stand in a model: a layer or an activation, which writes its output as an expression of its input.
public protocol Transform: Component {
  /// The output. Parameters, running state and randomness come from `scope`, which also knows the phase.
  ///
  /// Throws ``ModelError`` when the input does not fit.
  func callAsFunction(_ x: Value, in scope: Scope) throws(ModelError) -> Value

  /// What is certain of the output's numbers. Default: nothing.
  var outputRange: OutputRange? { get }
}

extension Transform {
  public var outputRange: OutputRange? { nil }
}

extension Kind where Part == any Transform {
  /// Where a model takes its parts from: layers, and activations as well.
  public static var transform: Self {
    Kind("layer", alsoAccepts: ["activation"], example: "conv(32), relu, flatten, dense(10)")
  }
}

extension Parameter where Value == (any Transform)? {
  /// A layer or activation that may be absent.
  public init(wrappedValue: (any Transform)?, _ help: String) {
    self.init(wrappedValue: wrappedValue, help, kind: .transform) { $0 }
  }
}

extension Parameter where Value == [any Transform] {
  /// Layers and activations in order, at least one.
  public init(_ help: String, example: [any Transform]) {
    self.init(help, kind: .transform, example: example) { $0 }
  }

  public init(wrappedValue: [any Transform], _ help: String) {
    self.init(wrappedValue: wrappedValue, help, kind: .transform) { $0 }
  }
}

/// A model whose parts do not fit: the layer, where it stands, and what it got.
public struct ModelError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The layer's path, such as `3` or `3.body.0`; empty for the model as a whole.
  public let path: String
  public let layer: String
  public let problem: String

  public init(path: String, layer: String, problem: String) {
    self.path = path
    self.layer = layer
    self.problem = problem
  }

  public var description: String {
    path.isEmpty ? "\(layer): \(problem)" : "layer \(path), \(layer): \(problem)"
  }
}
