import COneDNN
import Execution
import Tensors

/// A matrix product by oneDNN's general routine.
struct MatrixKernel: Kernel {
  private let node: LibraryNode
  private let transposeFirst: Bool
  private let transposeSecond: Bool

  init(_ node: LibraryNode, transposeFirst: Bool, transposeSecond: Bool) {
    self.node = node
    self.transposeFirst = transposeFirst
    self.transposeSecond = transposeSecond
  }

  var note: String? { "oneDNN sgemm" }

  func run(_ memory: Memory) throws(ExecutionError) {
    let (a, b) = (node.operandShapes[0], node.operandShapes[1])
    fledge_dnn_set_threads(Int32(memory.threads))
    try node.check(
      fledge_dnn_multiply(
        transposeFirst ? 1 : 0, transposeSecond ? 1 : 0, node.shape[0], node.shape[1], a[transposeFirst ? 0 : 1],
        memory[node.operands[0]], a[1], memory[node.operands[1]], b[1], memory[node.result]))
  }
}

extension OneDNNKernel {
  /// A matrix product; nil where oneDNN has no such kernel.
  convenience init?(
    _ node: LibraryNode, transposeFirst: Bool, transposeSecond: Bool, _ type: fledge_dnn_type, _ library: OneDNNLibrary
  ) {
    let sizes = fledge_dnn_product_sizes(
      rows: node.shape[0], columns: node.shape[1], inner: node.operandShapes[0][transposeFirst ? 0 : 1],
      transpose_a: transposeFirst ? 1 : 0, transpose_b: transposeSecond ? 1 : 0, a_type: node.operandType(0),
      b_type: node.operandType(1), result_type: node.resultType,
      epilogue: node.dnnEpilogue)
    self.init(node, library) { fledge_dnn_product_create(library.engine, type, sizes) }
  }
}
