package import Tensors

/// One step of a program, ready to run.
package protocol Kernel {
  /// Floats of working memory that each of so many threads needs. Default: none.
  func scratchCount(threads: Int) -> Int

  /// How it computes, where the plan's line does not say it. Default: nil.
  var note: String? { get }

  /// Multiplications and additions of its algorithm, if they are fewer than those of the sums that it stands for. Default: nil.
  var performedOperations: Double? { get }

  /// Throws ``ExecutionError/kernelFailed(kernel:reason:)`` if what computes it reports a failure.
  func run(_ memory: Memory) throws(ExecutionError)
}

extension Kernel {
  package func scratchCount(threads: Int) -> Int { 0 }
  package var note: String? { nil }
  package var performedOperations: Double? { nil }
}

/// Kernels beside those of the CPU backend, such as another library's.
package protocol KernelLibrary {
  /// A pass before planning: the lowered graph in the forms that the library has kernels for.
  func prepare(_ graph: Graph) throws(VerificationError) -> Graph

  /// The kernel of a node; nil leaves it to the CPU backend.
  func makeKernel(_ node: LibraryNode) -> (any Kernel)?

  /// All kernels of a plan are made. Default: nothing.
  func finishPlan()

  /// Which kernels it made where it has several. Default: none.
  var choices: KernelChoices { get }

  /// Whether it has a kernel of the node's product for operands and results kept in bfloat16. Default: no.
  func multipliesNarrow(_ node: Graph.Node, operands: [StoredShape]) -> Bool

  /// Whether some of its kernels of the node's product do this too; `finishing` does it after those that do not. Default: no.
  func fuses(_ epilogue: Epilogue, into node: Graph.Node, operands: [StoredShape]) -> Bool
}

extension KernelLibrary {
  package func finishPlan() {}
  package var choices: KernelChoices { KernelChoices() }
  package func multipliesNarrow(_ node: Graph.Node, operands: [StoredShape]) -> Bool { false }
  package func fuses(_ epilogue: Epilogue, into node: Graph.Node, operands: [StoredShape]) -> Bool { false }
}

/// The kernel of a planned step.
func makeKernel(
  _ step: Plan.Step, _ plan: Plan, _ library: (any KernelLibrary)?
) throws(ExecutionError) -> any Kernel {
  switch step.work {
  case .loop(let loop): return TiledLoop(loop, plan)
  case .updates(let loops): return LoopGroup(loops: loops.map { TiledLoop($0, plan) })
  case .library(let id):
    let node = LibraryNode(id, step, plan)
    if let kernel = library?.makeKernel(node) { return kernel }
    guard !node.operation.isProduct || node.isPlainProduct else {
      throw .unavailable(backend: "cpu", reason: "its \(node.title) multiplies float32 alone")
    }
    return makeLibraryKernel(node)
  }
}

/// A node with a kernel of its own: its operands lie row-major without gaps.
package struct LibraryNode {
  package let result: Graph.ID
  package let operation: Operation
  package private(set) var epilogue: Epilogue?
  package let shape: Shape
  package let layout: Layout
  /// Where the operands' elements are; after the operation's own, the epilogue's.
  package private(set) var operands: [Graph.ID]
  package private(set) var operandShapes: [Shape]
  package private(set) var operandLayouts: [Layout]
  /// Whether the result, and each operand, is kept in bfloat16.
  package let isNarrow: Bool
  package private(set) var areOperandsNarrow: [Bool]
  /// The epilogue as a loop over the product where it lies.
  private(set) var finish: TiledLoop?

  init(_ id: Graph.ID, _ step: Plan.Step, _ plan: Plan) {
    result = step.writes[0]
    operation = plan.graph[id].operation
    epilogue = step.epilogue
    (shape, layout) = (plan.graph[id].shape, plan.graph[id].layout)
    let given = plan.operands(of: id, in: step)
    operands = given.map(plan.roles.base)
    operandShapes = given.map { plan.graph[$0].shape }
    operandLayouts = given.map { plan.graph[$0].layout }
    isNarrow = plan.isNarrow(result)
    areOperandsNarrow = operands.map(plan.isNarrow)
    finish = step.epilogue.map { TiledLoop($0.loop, plan) }
  }

  /// A node of no plan, to try kernels with. Default: nothing in bfloat16.
  init(
    _ operation: Operation, _ operands: [StoredShape], _ result: StoredShape, areOperandsNarrow: [Bool]? = nil,
    isNarrow: Bool = false
  ) {
    self.result = operands.count
    self.operands = Array(operands.indices)
    (self.operation, self.isNarrow) = (operation, isNarrow)
    (shape, layout) = (result.shape, result.layout)
    (operandShapes, operandLayouts) = (operands.map(\.shape), operands.map(\.layout))
    self.areOperandsNarrow = areOperandsNarrow ?? operands.map { _ in false }
  }

  package var stored: StoredShape { StoredShape(shape, layout) }
  package var storedOperands: [StoredShape] { zip(operandShapes, operandLayouts).map { StoredShape($0, $1) } }

  /// Multiplications and additions.
  var arithmetic: Double { operation.arithmetic(operands: operandShapes, result: shape) }

  /// The product alone, where the result is to lie.
  var withoutEpilogue: LibraryNode {
    var node = self
    let count = operands.count - (epilogue?.operands.count ?? 0)
    node.operands.removeSubrange(count...)
    node.operandShapes.removeSubrange(count...)
    node.operandLayouts.removeSubrange(count...)
    node.areOperandsNarrow.removeSubrange(count...)
    (node.epilogue, node.finish) = (nil, nil)
    return node
  }

  /// Whether the epilogue's addend is kept in bfloat16.
  package var isAddendNarrow: Bool { epilogue?.addend != nil && areOperandsNarrow.last == true }

  /// All nodes that its kernels may look up in memory are less.
  var nodeCount: Int {
    ([result] + operands + (finish?.uniforms.map(\.view.base) ?? [])).reduce(0, max) + 1
  }

  /// The operation and its epilogue.
  package var title: String { operation.title(with: epilogue) }

  /// Whether the CPU backend's own kernels of products compute it: nothing in bfloat16 or in blocks.
  package var isPlainProduct: Bool {
    !isNarrow && !areOperandsNarrow.contains(true)
      && (operandLayouts + [layout]).allSatisfy { $0 == .rowMajor }
  }
}

/// The CPU backend's own kernel of a node.
package func makeLibraryKernel(_ node: LibraryNode) -> any Kernel {
  if let finish = node.finish {
    return FinishedProduct(product: makeLibraryKernel(node.withoutEpilogue), epilogue: finish)
  }
  return switch node.operation {
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
    .broadcast, .transpose, .slice, .relayout, .assign:
    NoWork()
  }
}

/// What stands for nodes that planning never makes a kernel of.
private struct NoWork: Kernel {
  func run(_ memory: Memory) {}
}
