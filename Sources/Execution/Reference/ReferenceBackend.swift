import Registry
import Tensors

/// The oracle: Float64, one plain loop a primitive, no optimisation. Every other backend is tested against it, and gradient
/// checks run on it. Nothing in it is clever.
public struct ReferenceBackend: Backend {
  public static let name = "reference"
  public static let summary = "Float64, one plain loop a primitive: the oracle of tests"
  public static let reference = "Fledge's definition of its primitives"

  public init() {}

  public func makeSession(_ options: SessionOptions) -> any Session { ReferenceSession(options) }
}

final class ReferenceSession: Session {
  let elementType = ElementType.float64
  let options: SessionOptions
  var values: [String: [Double]] = [:]

  init(_ options: SessionOptions) { self.options = options }

  func write(_ tensor: Tensor, to variable: Variable) throws(ExecutionError) {
    guard tensor.shape == variable.shape else {
      throw .wrongVariableShape(name: variable.name, expected: variable.shape, found: tensor.shape)
    }
    values[variable.name] = tensor.doubles
  }

  func read(_ variable: Variable) throws(ExecutionError) -> Tensor {
    guard let elements = values[variable.name], let tensor = Tensor(variable.shape, .float64(elements)) else {
      throw .unknownVariable(name: variable.name)
    }
    return tensor
  }

  func compile(_ graph: Graph) throws -> any Program {
    // Of any stage: what the passes made is checked against what was traced.
    try graph.verify(after: "compilation for the reference backend")
    for variable in graph.variables where values[variable.name] == nil {
      throw ExecutionError.unknownVariable(name: variable.name)
    }
    let program = ReferenceProgram(graph, self)
    try MachineMemory.check(program: program.byteCount)
    return program
  }
}

final class ReferenceProgram: Program {
  let graph: Graph
  private let session: ReferenceSession

  init(_ graph: Graph, _ session: ReferenceSession) {
    self.graph = graph
    self.session = session
  }

  var plan: PlanSummary {
    PlanSummary(kernels: graph.nodes.indices.map(graph.line), arenaBytes: byteCount, unsharedBytes: byteCount)
  }

  /// Of all results together.
  var byteCount: Int { graph.nodes.reduce(0) { $0 + $1.shape.elementCount * ElementType.float64.size } }

  func run(_ inputs: [Tensor], step: UInt64) throws(ExecutionError) -> [Tensor] {
    try graph.check(inputs: inputs)
    var results: [[Double]] = []
    results.reserveCapacity(graph.nodes.count)
    for node in graph.nodes {
      let operands = node.operands.map { ReferenceOperand(shape: graph[$0].shape, elements: results[$0]) }
      switch node.operation {
      case .input(let index): results.append(inputs[index].doubles)
      case .variable(let index): results.append(session.values[graph.variables[index].name] ?? [])
      case .random(let stream): results.append(random(node.shape, stream: stream, step: step))
      case .assign: results.append(operands[0].elements)
      default: results.append(referenceResult(node.operation, operands, shape: node.shape))
      }
    }
    if graph.guardNode.map({ results[$0][0].isFinite }) ?? true {
      for id in graph.assignments {
        if case .assign(let index) = graph[id].operation { session.values[graph.variables[index].name] = results[id] }
      }
    }
    return graph.outputs.map { Tensor(unchecked: graph[$0.node].shape, .float64(results[$0.node])) }
  }

  /// Each step has 2³² blocks of a stream to itself, so that no two steps share a number.
  private func random(_ shape: Shape, stream: UInt64, step: UInt64) -> [Double] {
    let generator = Philox(key: session.options.seed)
    return (0..<UInt64(shape.elementCount)).map { generator.uniform(stream: stream, position: step << 34 &+ $0) }
  }
}

/// An operand's elements, row-major, with their shape.
struct ReferenceOperand {
  let shape: Shape
  let elements: [Double]
}

/// The definition of every primitive that is a function of its operands.
func referenceResult(_ operation: Operation, _ operands: [ReferenceOperand], shape: Shape) -> [Double] {
  let x = operands.first?.elements ?? []
  switch operation {
  case .input, .variable, .random, .assign: return x
  case .constant(let value): return [value]
  case .iota(let axis): return shape.indices.map { Double($0[axis]) }
  case .unary(let unary): return x.map(unary.result)
  case .binary(let binary): return zip(x, operands[1].elements).map(binary.result)
  case .select: return x.indices.map { x[$0] != 0 ? operands[1].elements[$0] : operands[2].elements[$0] }
  case .detach, .reshape, .relayout: return x
  case .normalize(_, let epsilon):
    let moments = shape.indices.map { operands[1].shape.offset(broadcasting: $0) }
    return x.indices.map {
      (x[$0] - operands[1].elements[moments[$0]]) / (operands[2].elements[moments[$0]] + epsilon).squareRoot()
    }
  case .reduce, .argumentOfMaximum: return referenceReduction(operation, operands[0], shape: shape)
  case .broadcast, .transpose, .slice, .pad, .concatenate, .gatherRows, .scatterRows:
    return referenceLayout(operation, operands, shape: shape)
  case .matmul(let first, let second): return referenceMatmul(operands[0], operands[1], first, second, shape: shape)
  case .convolution, .convolutionInputGradient, .convolutionFilterGradient:
    return referenceConvolution(operation, operands, shape: shape)
  case .maxPool, .maxPoolGradient, .averagePool, .averagePoolGradient:
    return referencePool(operation, operands, shape: shape)
  }
}
