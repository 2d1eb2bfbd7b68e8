/// A model being traced: the phase, the variables it declared with their first values, and each layer's output.
public final class ModelTrace {
  public let trace: Trace
  public let phase: Scope.Phase
  let initialization: Scope.Initialization
  /// What the model declared, in order.
  public private(set) var variables: [Variable] = []
  /// Each layer's output in order, with its path and what stands there: for statistics and for finding faults.
  public private(set) var layers: [(path: String, layer: String, output: Value)] = []
  private var initialValues: [String: (inout RandomStream) -> Tensor] = [:]

  /// The most parts that a model may be made of, those within others counted, too.
  public static let partBudget = 1 << 14

  /// `initialization` is what weights take whose layer does not choose.
  public init(_ trace: Trace, phase: Scope.Phase, initialization: @escaping Scope.Initialization) {
    self.trace = trace
    self.phase = phase
    self.initialization = initialization
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

  func declare(_ variable: Variable, _ initial: @escaping (inout RandomStream) -> Tensor) {
    if initialValues.updateValue(initial, forKey: variable.name) == nil { variables.append(variable) }
  }

  func record(_ output: Value, at scope: Scope) { layers.append((scope.path, scope.layer, output)) }
}
