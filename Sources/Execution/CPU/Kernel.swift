package import Tensors

/// One step of a program, ready to run.
package protocol Kernel {
  /// Floats of working memory that each of so many threads needs. Default: none.
  func scratchCount(threads: Int) -> Int

  /// How it computes, where the plan's line does not say it. Default: nil.
  var note: String? { get }

  func run(_ memory: Memory)
}

extension Kernel {
  package func scratchCount(threads: Int) -> Int { 0 }
  package var note: String? { nil }
}

/// Kernels beside those of the CPU backend, such as another library's.
package protocol KernelLibrary {
  /// A pass before planning: the lowered graph in the forms that the library has kernels for.
  func prepare(_ graph: Graph) throws(VerificationError) -> Graph

  /// The kernel of a node; nil leaves it to the CPU backend.
  func makeKernel(_ node: LibraryNode) -> (any Kernel)?
}

/// The kernel of a planned step.
func makeKernel(_ step: Plan.Step, _ plan: Plan, _ library: (any KernelLibrary)?) -> any Kernel {
  switch step.kernel {
  case .loop(let loop): return TiledLoop(loop, plan)
  case .library(let id):
    let node = LibraryNode(id, plan)
    return library?.makeKernel(node) ?? makeLibraryKernel(node)
  }
}

/// A node with a kernel of its own: its operands lie row-major without gaps.
package struct LibraryNode {
  package let result: Graph.ID
  package let operation: Operation
  package let shape: Shape
  /// Where the operands' elements are.
  package let operands: [Graph.ID]
  package let operandShapes: [Shape]

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
