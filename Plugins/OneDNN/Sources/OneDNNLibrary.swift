import COneDNN
import Execution
import Tensors

/// A kernel that oneDNN divides among the threads itself: its working memory is that of all threads together.
protocol WholeTeamKernel: Kernel {
  var scratchBytes: Int { get }
}

extension WholeTeamKernel {
  func scratchCount(threads: Int) -> Int {
    (scratchBytes / ElementType.float32.size + threads - 1) / threads
  }
}

/// oneDNN as a library of kernels under the CPU backend.
final class OneDNNLibrary: KernelLibrary {
  let engine: OpaquePointer
  let threads: Int

  static var version: String { String(cString: fledge_dnn_version()) }

  /// Nil if oneDNN cannot compute here.
  init?(_ options: SessionOptions) {
    guard let engine = fledge_dnn_create() else { return nil }
    self.engine = engine
    threads = options.threads
  }

  deinit { fledge_dnn_destroy(engine) }

  func prepare(_ graph: Graph) throws(VerificationError) -> Graph {
    try ChannelBlocking(block: 16) { $0 <= 4 }(graph)
  }

  func makeKernel(_ node: LibraryNode) -> (any Kernel)? {
    switch node.operation {
    case .matmul(let first, let second):
      return SizedMatrixKernel(node, transposeFirst: first, transposeSecond: second, self)
        ?? MatrixKernel(node, transposeFirst: first, transposeSecond: second)
    case .convolution(let window): return ConvolutionKernel(node, window, .forward, self)
    case .convolutionInputGradient(let window): return ConvolutionKernel(node, window, .inputGradient, self)
    case .convolutionFilterGradient(let window): return ConvolutionKernel(node, window, .filterGradient, self)
    default: return nil
    }
  }
}
