import Tensors

extension Plan {
  var summary: PlanSummary {
    PlanSummary(
      kernels: steps.map(describe), arenaBytes: arena.byteCount, unsharedBytes: unsharedBytes,
      costs: steps.map(cost))
  }

  private func describe(_ step: Step) -> String {
    let results = step.writes.map { "%\($0) \(graph[$0].stored)" }.joined(separator: ", ")
    switch step.work {
    case .library(let id): return "\(results) = \(graph[id].operation.title(with: step.epilogue))"
    case .loop(let loop): return "\(results) = loop over \(Shape(loop.sizes)): \(loop.work)"
    case .updates(let loops):
      let count = loops.reduce(0) { $0 + $1.elementCount }
      let kinds = Set(loops.map(\.work)).sorted()
      return "\(step.writes.count) variables = \(loops.count) loops over \(count) elements: "
        + kinds.joined(separator: "; ")
    }
  }
}

extension FusedLoop {
  fileprivate var work: String {
    let work = instructions.map(\.name) + reductions.map { "\($0.kind.rawValue)-reduction" }
    return work.isEmpty ? "copy" : work.joined(separator: ", ")
  }
}

extension FusedLoop.Instruction {
  var name: String {
    switch self {
    case .unary(let unary, _): unary.rawValue
    case .binary(let binary, _, _): binary.rawValue
    case .select: "select"
    case .multiplyAdd(let kind, _, _, _): kind == .productPlus ? "multiply-add" : "multiply-subtract"
    case .random: "random"
    }
  }
}
