/// A graph while it is written: parts add nodes through ``Value``s, and equal nodes are added once.
///
/// Formulas cannot throw, so the first mistake is kept here, with the layer that made it; `check()` throws it.
public final class Trace {
  public private(set) var graph = Graph()
  /// The first mistake, until `check()` throws it.
  public private(set) var problem: ShapeError?
  private var known: [Graph.Node: Graph.ID] = [:]
  private var variableIndices: [String: Int] = [:]

  public init() {}

  /// Throws the first mistake that a formula made since the last call.
  public func check() throws(ShapeError) {
    defer { problem = nil }
    if let problem { throw problem }
  }

  /// The value that the caller passes under `name` at each run.
  public func input(_ name: String, _ shape: Shape) -> Value {
    if let index = graph.inputs.firstIndex(where: { $0.name == name }) { return insert(.input(index), [], shape) }
    graph.inputs.append(Graph.Input(name: name, shape: shape))
    return insert(.input(graph.inputs.count - 1), [], shape)
  }

  /// The value that a variable has before the step; declares it at first use.
  public func variable(_ variable: Variable) -> Value {
    insert(.variable(declare(variable)), [], variable.shape)
  }

  /// Makes `value` the variable's value after the step.
  public func assign(_ value: Value, to variable: Variable) {
    if value.shape != variable.shape {
      report(ShapeError("'\(variable.name)' has shape \(variable.shape), and cannot become \(value.shape)"))
    } else {
      _ = insert(.assign(declare(variable)), [value.id], variable.shape)
    }
  }

  /// A number.
  public func constant(_ number: Double) -> Value { insert(.constant(number), [], .scalar) }

  /// Each element's index along an axis.
  public func iota(_ shape: Shape, axis: Int) -> Value { insert(.iota(axis: axis), [], shape) }

  /// Numbers in [0, 1), new at each step.
  public func random(_ shape: Shape, stream: String) -> Value {
    insert(.random(stream: RandomStream.identifier(stream)), [], shape)
  }

  /// Names a result.
  public func output(_ value: Value, as name: String) {
    graph.outputs.append(Graph.Output(name: name, node: value.id))
  }

  /// Lets the step change variables only if this scalar is finite.
  public func guardAssignments(by value: Value) { graph.guardNode = value.id }

  /// The finished program, without nodes that nothing needs; verified.
  public func finish() throws -> Graph {
    try check()
    let finished = graph.removingDeadNodes()
    try finished.verify(after: "tracing")
    return finished
  }

  /// Adds a node, or finds its equal. A node that may not exist is reported, and stands in as zeros of `declared`.
  package func insert(_ operation: Operation, _ operands: [Graph.ID], _ declared: Shape) -> Value {
    let shape: Shape
    do {
      shape = try operation.resultShape(of: operands.map { graph.nodes[$0].shape }, declared: declared)
    } catch {
      report(error)
      return constant(0).broadcast(to: declared)
    }
    let node = Graph.Node(operation: operation, operands: operands, shape: shape)
    if let id = known[node], !operation.isNegativeZero { return Value(trace: self, id: id, shape: shape) }
    graph.nodes.append(node)
    if !operation.isNegativeZero { known[node] = graph.nodes.count - 1 }
    return Value(trace: self, id: graph.nodes.count - 1, shape: shape)
  }

  func value(_ id: Graph.ID) -> Value { Value(trace: self, id: id, shape: graph.nodes[id].shape) }

  /// Keeps the first mistake.
  public func report(_ error: ShapeError) { problem = problem ?? error }

  private func declare(_ variable: Variable) -> Int {
    if let index = variableIndices[variable.name] {
      if graph.variables[index] != variable {
        report(
          ShapeError(
            "'\(variable.name)' is declared with shapes \(graph.variables[index].shape) and \(variable.shape)"))
      }
      return index
    }
    graph.variables.append(variable)
    variableIndices[variable.name] = graph.variables.count - 1
    return graph.variables.count - 1
  }
}
