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

  func run(_ memory: Memory) {
    let (a, b) = (node.operandShapes[0], node.operandShapes[1])
    fledge_dnn_set_threads(Int32(memory.threads))
    // Fails only for sizes that shape inference has refused.
    _ = fledge_dnn_multiply(
      transposeFirst ? 1 : 0, transposeSecond ? 1 : 0, node.shape[0], node.shape[1], a[transposeFirst ? 0 : 1],
      memory[node.operands[0]], a[1], memory[node.operands[1]], b[1], memory[node.result])
  }
}

/// A matrix product by a kernel that oneDNN makes for its sizes.
final class SizedMatrixKernel: WholeTeamKernel {
  private let node: LibraryNode
  private let product: OpaquePointer
  let scratchBytes: Int
  /// The engine must outlive the kernel.
  private let library: OneDNNLibrary

  /// Nil where oneDNN has no such kernel.
  init?(
    _ node: LibraryNode, transposeFirst: Bool, transposeSecond: Bool, _ type: fledge_dnn_type, _ library: OneDNNLibrary
  ) {
    let inner = node.operandShapes[0][transposeFirst ? 0 : 1]
    fledge_dnn_set_threads(Int32(library.threads))
    let sizes = fledge_dnn_product_sizes(
      rows: node.shape[0], columns: node.shape[1], inner: inner, transpose_a: transposeFirst ? 1 : 0,
      transpose_b: transposeSecond ? 1 : 0, a_type: node.operandType(0), b_type: node.operandType(1),
      result_type: node.resultType)
    guard let made = fledge_dnn_product_create(library.engine, type, sizes) else { return nil }
    product = made
    scratchBytes = fledge_dnn_product_scratch(made)
    self.node = node
    self.library = library
  }

  deinit { fledge_dnn_product_destroy(product) }

  var note: String? { "oneDNN \(String(cString: fledge_dnn_product_name(product)))" }

  func run(_ memory: Memory) {
    fledge_dnn_set_threads(Int32(memory.threads))
    // Fails only for lack of memory, which ends the process elsewhere too.
    _ = fledge_dnn_product_run(
      product, memory[node.operands[0]], memory[node.operands[1]], memory[node.result], memory.scratch(of: 0))
  }
}
