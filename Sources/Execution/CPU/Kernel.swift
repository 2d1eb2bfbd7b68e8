import Tensors

/// One step of a program, ready to run.
protocol Kernel {
  /// Floats of working memory that each of so many threads needs.
  func scratchCount(threads: Int) -> Int

  func run(_ memory: Memory)
}

extension Kernel {
  func scratchCount(threads: Int) -> Int { 0 }
}

/// The kernel of a planned step.
func makeKernel(_ step: Plan.Step, _ plan: Plan, threads: Int) -> any Kernel {
  switch step.kernel {
  case .loop(let loop): TiledLoop(loop, plan)
  case .library(let id): makeLibraryKernel(LibraryNode(id, plan))
  }
}

/// A node with a kernel of its own: its operands lie row-major without gaps.
struct LibraryNode {
  let result: Graph.ID
  let operation: Operation
  let shape: Shape
  let operands: [Graph.ID]
  let operandShapes: [Shape]

  init(_ id: Graph.ID, _ plan: Plan) {
    result = id
    operation = plan.graph[id].operation
    shape = plan.graph[id].shape
    operands = plan.graph[id].operands.map(plan.roles.base)
    operandShapes = plan.graph[id].operands.map { plan.graph[$0].shape }
  }
}

private func makeLibraryKernel(_ node: LibraryNode) -> any Kernel {
  switch node.operation {
  case .matmul(let first, let second): MatrixProduct(node, transposeFirst: first, transposeSecond: second)
  case .convolution(let window): Convolution(node, window)
  case .convolutionInputGradient(let window): ConvolutionInputGradient(node, window)
  case .convolutionFilterGradient(let window): ConvolutionFilterGradient(node, window)
  case .maxPool(let window), .maxPoolGradient(let window), .averagePool(let window), .averagePoolGradient(let window):
    Pooling(node, window)
  case .argumentOfMaximum(let axis): ArgumentOfMaximum(node, axis: axis)
  case .pad(let low, _): Padding(node, low: low)
  case .concatenate(let axis): Concatenation(node, axis: axis)
  case .gatherRows: RowGathering(node)
  case .scatterRows: RowScattering(node)
  case .input, .variable, .constant, .iota, .random, .unary, .binary, .select, .detach, .normalize, .reduce, .reshape,
    .broadcast, .transpose, .slice, .assign:
    NoWork()
  }
}

/// What stands for nodes that planning never makes a kernel of.
private struct NoWork: Kernel {
  func run(_ memory: Memory) {}
}
