public import Registry

/// A model being traced: the phase, the variables it declared with their first values, and each layer's output.
public final class ModelTrace {
  public let trace: Trace
  public let phase: Scope.Phase
  let initialization: Scope.Initialization
  /// What the model declared, in order.
  public private(set) var variables: [Variable] = []
  /// Each layer that was applied, in order, those within another before it: for statistics and for finding faults.
  public private(set) var layers: [Layer] = []
  private var sources: [String: InitialSource] = [:]
  private var initialValues: [String: (inout RandomStream) -> Tensor] = [:]

  /// The most parts that a model may be made of, those within others counted, too.
  public static let partBudget = 1 << 14

  /// `initialization` is what weights take whose layer does not choose.
  public init(_ trace: Trace, phase: Scope.Phase, initialization: @escaping Scope.Initialization) {
    self.trace = trace
    self.phase = phase
    self.initialization = initialization
  }

  /// One application of a layer.
  public struct Layer {
    public let path: String
    /// As it is specified: `conv(32)`.
    public let layer: String
    public let input: Value
    public let output: Value
  }

  /// Where a variable's first value comes from.
  public enum InitialSource {
    /// What weights take whose layer does not choose.
    case model
    /// A part that the layer holds.
    case part(any Component)
    /// The layer itself.
    case layer
  }

  public func initialSource(of variable: Variable) -> InitialSource { sources[variable.name] ?? .layer }

  /// The innermost layer that declared a variable.
  public func layer(of variable: Variable) -> Layer? {
    layers.filter { variable.name.hasPrefix("\($0.path).") }.max { $0.path.count < $1.path.count }
  }

  /// The first value of each variable; each draws from a stream of its own, named by its path.
  public func initialValue(of variable: Variable, seed: UInt64) -> Tensor? {
    guard let initial = initialValues[variable.name] else { return nil }
    var stream = RandomStream(seed: seed, "initial \(variable.name)")
    return initial(&stream)
  }

  /// Whether a variable belongs to the last layer that has weights: the one that makes the predictions.
  public func isOfLastLayer(_ variable: Variable) -> Bool {
    func place(_ name: String) -> Substring { name[..<(name.lastIndex(of: ".") ?? name.startIndex)] }
    return variables.last { $0.role == .weight }.map { place($0.name) == place(variable.name) } ?? false
  }

  func declare(
    _ variable: Variable, from source: InitialSource, _ initial: @escaping (inout RandomStream) -> Tensor
  ) {
    guard initialValues.updateValue(initial, forKey: variable.name) == nil else { return }
    variables.append(variable)
    sources[variable.name] = source
  }

  func record(_ output: Value, of input: Value, at scope: Scope) {
    layers.append(Layer(path: scope.path, layer: scope.layer, input: input, output: output))
  }
}
