import Tensors

/// The numbers that depend on constants and scalar inputs alone, such as 1 − β₂ᵗ: computed in Float64 before each step.
struct HostNumbers {
  private let graph: Graph
  private let ids: [Graph.ID]

  init(_ plan: Plan) {
    graph = plan.graph
    ids = plan.graph.nodes.indices.filter { plan.roles.roles[$0] == .hostScalar }
  }

  func compute(_ inputs: [Tensor], _ memory: inout Memory) {
    for id in ids {
      let node = graph[id]
      let operands = node.operands.map { memory.numbers[$0] }
      switch node.operation {
      case .constant(let value): memory.setNumber(value, of: id)
      case .input(let index): memory.setNumber(inputs[index].doubles.first ?? 0, of: id)
      case .unary(let unary): memory.setNumber(unary.result(operands[0]), of: id)
      case .binary(let binary): memory.setNumber(binary.result(operands[0], operands[1]), of: id)
      case .select: memory.setNumber(operands[0] != 0 ? operands[1] : operands[2], of: id)
      case .reshape, .broadcast: memory.setNumber(operands[0], of: id)
      default: memory.setNumber(.nan, of: id)  // Nothing else has this role.
      }
    }
  }
}
