import Registry
import Tensors

/// Plans and checks, and executes nothing: the tests of planning run on it.
public struct NullBackend: Backend {
  public static let name = "null"
  public static let summary = "plans and checks, executes nothing"
  public static let reference = "Fledge's planning passes"
  public static let computes = false

  public init() {}

  public func makeSession(_ options: SessionOptions) -> any Session { NullSession() }
}

private final class NullSession: Session {
  let elementType = ElementType.float32
  private var values: [String: Tensor] = [:]

  func write(_ tensor: Tensor, to variable: Variable) throws(ExecutionError) {
    guard tensor.shape == variable.shape else {
      throw .wrongVariableShape(name: variable.name, expected: variable.shape, found: tensor.shape)
    }
    values[variable.name] = tensor.converted(to: elementType)
  }

  func read(_ variable: Variable) throws(ExecutionError) -> Tensor {
    guard let value = values[variable.name] else { throw .unknownVariable(name: variable.name) }
    return value
  }

  func compile(_ graph: Graph) throws -> any Program {
    for variable in graph.variables { _ = try read(variable) }
    return NullProgram(graph, plan: try Plan(graph).summary)
  }
}

private final class NullProgram: Program {
  let graph: Graph
  let plan: PlanSummary

  init(_ graph: Graph, plan: PlanSummary) {
    self.graph = graph
    self.plan = plan
  }

  /// Zeros.
  func run(_ inputs: [Tensor], step: UInt64) throws(ExecutionError) -> [Tensor] {
    try graph.check(inputs: inputs)
    return graph.outputs.map { output in
      let shape = graph[output.node].shape
      return Tensor(unchecked: shape, .float32(Array(repeating: 0, count: shape.elementCount)))
    }
  }
}
