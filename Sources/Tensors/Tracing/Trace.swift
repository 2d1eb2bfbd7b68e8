/// A graph while it is written: parts add nodes through ``Value``s, and equal nodes are added once.
///
/// Formulas cannot throw, so the first mistake is kept here, with the layer that made it; `check()` throws it.
public final class Trace {
  public private(set) var graph = Graph()
  /// The first mistake, until `check()` throws it.
  public private(set) var problem: ShapeError?
  private var known: [Graph.Node: Graph.ID] = [:]
  private var variableIndices: [String: Int] = [:]

  /// The most nodes that a trace may have: a training step of a hundred layers has some ten thousand.
  public static let nodeBudget = 1 << 17

  public init() {}

  /// Throws the first mistake that a formula made since the last call.
  public func check() throws(ShapeError) {
    defer { problem = nil }
    if let problem { throw problem }
  }

  /// The value that the caller passes under `name` at each run.
  public func input(_ name: String, _ shape: Shape) -> Value {
    if let index = graph.inputs.firstIndex(where: { $0.name == name }) { return insert(.input(index), [], shape) }
    if !shape.isWithinLimits { report(ShapeError(of: "input '\(name)'", beyondLimits: shape)) }
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
    try finished.verify(as: .traced, after: "tracing")
    return finished
  }

  /// Adds a node, or finds its equal. A node that may not exist is reported; what stands in for it has the shape `declared`,
  /// or ones in its place if that is too large.
  package func insert(_ operation: Operation, _ operands: [Graph.ID], _ declared: Shape) -> Value {
    let shape: Shape
    do {
      shape = try operation.resultShape(of: operands.map { graph.nodes[$0].shape }, declared: declared)
    } catch {
      report(error)
      return standIn(declared.isWithinLimits ? declared : Shape(declared.sizes.map { _ in 1 }))
    }
    let node = Graph.Node(operation: operation, operands: operands, shape: shape)
    if let id = known[node], !operation.isNegativeZero { return Value(trace: self, id: id, shape: shape) }
    guard graph.nodes.count < Self.nodeBudget else {
      report(ShapeError("the program has more than \(Self.nodeBudget) operations; use fewer layers or repetitions"))
      return standIn(shape)
    }
    return add(node)
  }

  private func add(_ node: Graph.Node) -> Value {
    graph.nodes.append(node)
    if !node.operation.isNegativeZero { known[node] = graph.nodes.count - 1 }
    return Value(trace: self, id: graph.nodes.count - 1, shape: node.shape)
  }

  /// A value of a trace that will not be finished: what is made of it does not matter, and it costs no node.
  private func standIn(_ shape: Shape) -> Value {
    let zero = Graph.Node(operation: .constant(0), operands: [], shape: .scalar)
    return Value(trace: self, id: known[zero] ?? add(zero).id, shape: shape)
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
    if !variable.shape.isWithinLimits { report(ShapeError(of: "'\(variable.name)'", beyondLimits: variable.shape)) }
    graph.variables.append(variable)
    variableIndices[variable.name] = graph.variables.count - 1
    return graph.variables.count - 1
  }
}
