import COneDNN
package import Execution
import Tensors

/// A kernel that oneDNN makes for a node's sizes and divides among the threads itself.
final class OneDNNKernel: Kernel {
  private let node: LibraryNode
  private let kernel: OpaquePointer
  /// The engine must outlive the kernel.
  private let library: OneDNNLibrary

  /// Nil where oneDNN makes none, and for activations, of which it has none that let through what is not a number.
  init?(_ node: LibraryNode, _ library: OneDNNLibrary, make: () -> OpaquePointer?) {
    fledge_dnn_set_threads(Int32(library.threads))
    guard node.epilogue?.activation == nil, let made = make() else { return nil }
    kernel = made
    self.node = node
    self.library = library
  }

  deinit { fledge_dnn_kernel_destroy(kernel) }

  var note: String? { "oneDNN \(String(cString: fledge_dnn_kernel_name(kernel)))" }

  /// The working memory is that of all threads together.
  func scratchCount(threads: Int) -> Int {
    (fledge_dnn_kernel_scratch(kernel) / ElementType.float32.size + threads - 1) / threads
  }

  func run(_ memory: Memory) throws(ExecutionError) {
    fledge_dnn_set_threads(Int32(memory.threads))
    try node.check(
      fledge_dnn_kernel_run(
        kernel, memory[node.operands[0]], memory[node.operands[1]],
        node.epilogue?.bias.map { UnsafePointer(memory[$0]) },
        node.epilogue?.addend.map { UnsafeRawPointer(memory[$0]) }, memory[node.result], memory.scratch(of: 0)))
  }
}

extension ExecutionError {
  /// What a run's status says in oneDNN's words, such as `out_of_memory`; nil if all went well.
  package init?(oneDNN status: Int32, kernel: String) {
    guard status != 0 else { return nil }
    self = .kernelFailed(kernel: kernel, reason: "oneDNN says \(String(cString: fledge_dnn_status_name(status)))")
  }
}

extension fledge_dnn_epilogue {
  init(_ epilogue: Epilogue?, isAddendNarrow: Bool = false) {
    self.init(
      has_bias: epilogue?.bias == nil ? 0 : 1, has_addend: epilogue?.addend == nil ? 0 : 1,
      addend_type: isAddendNarrow ? FLEDGE_DNN_BFLOAT16 : FLEDGE_DNN_FLOAT32)
  }
}

extension LibraryNode {
  /// Throws if a run's status says that oneDNN failed.
  func check(_ status: Int32) throws(ExecutionError) {
    if let error = ExecutionError(oneDNN: status, kernel: title) { throw error }
  }

  var dnnEpilogue: fledge_dnn_epilogue { fledge_dnn_epilogue(epilogue, isAddendNarrow: isAddendNarrow) }
  var resultType: fledge_dnn_type { isNarrow ? FLEDGE_DNN_BFLOAT16 : FLEDGE_DNN_FLOAT32 }
  func operandType(_ index: Int) -> fledge_dnn_type {
    areOperandsNarrow[index] ? FLEDGE_DNN_BFLOAT16 : FLEDGE_DNN_FLOAT32
  }
}
