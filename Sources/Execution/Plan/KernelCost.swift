public import Tensors

/// What a kernel asks of the machine, in counts that do not depend on its speed.
public struct KernelCost: Sendable, Equatable {
  /// What it is: a primitive such as `convolution` or `matmul`, or `loop`, `copy`, and `update` for loops that write variables.
  public let kind: String
  /// Bytes that it reads and writes, if each element crosses once.
  public let bytes: Int
  /// Multiplications and additions, for matrix products, convolutions and the gradients of these.
  public let floatingPointOperations: Double
  /// Of those, what the kernel's algorithm carries out: Winograd's saves three of four.
  public var performedOperations: Double

  /// - Parameters:
  ///   - kind: of what kind the kernel is: `convolution`.
  ///   - bytes: that it reads and writes.
  ///   - floatingPointOperations: of the mathematics.
  ///   - performedOperations: nil stands for all of `floatingPointOperations`.
  public init(kind: String, bytes: Int, floatingPointOperations: Double = 0, performedOperations: Double? = nil) {
    self.kind = kind
    self.bytes = bytes
    self.floatingPointOperations = floatingPointOperations
    self.performedOperations = performedOperations ?? floatingPointOperations
  }
}

extension Plan {
  func cost(of step: Step) -> KernelCost {
    let kind: String
    var operations = 0.0
    var most = Int.max
    switch step.work {
    case .library(let id):
      // A title is the primitive's name, then its sizes.
      kind = String(graph[id].operation.title.prefix { $0 != " " })
      operations = graph.floatingPointOperations(of: id)
    case .loop, .updates:
      let loops = step.work.loops
      let isCopy = loops.allSatisfy { $0.instructions.isEmpty && $0.reductions.isEmpty }
      kind = step.changesVariables ? "update" : isCopy ? "copy" : "loop"
      most = loops.map(\.elementCount).max() ?? 0
    }
    let touched = Set(reads(step)).filter { roles.roles[$0] != .hostScalar } + step.writes
    let bytes = touched.reduce(0) { sum, id in
      sum + min(most, graph[id].shape.elementCount) * elementSize(of: id)
    }
    return KernelCost(kind: kind, bytes: bytes, floatingPointOperations: operations)
  }
}

extension Graph {
  /// Multiplications and additions of matrix products, convolutions and the gradients of these.
  public var floatingPointOperations: Double {
    nodes.indices.reduce(0) { $0 + floatingPointOperations(of: $1) }
  }

  func floatingPointOperations(of id: ID) -> Double {
    self[id].operation.arithmetic(operands: self[id].operands.map { self[$0].shape }, result: self[id].shape)
  }
}
