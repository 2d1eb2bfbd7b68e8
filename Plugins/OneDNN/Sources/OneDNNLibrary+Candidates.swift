import COneDNN
import Execution
import Tensors

/// The kernels that compute a node, first the one that is faster by rule.
extension OneDNNLibrary {
  typealias Candidate = KernelChooser.Candidate<any Kernel>

  func products(_ node: LibraryNode, transposeFirst: Bool, transposeSecond: Bool) -> [Candidate] {
    func sized(_ name: String, _ type: fledge_dnn_type) -> Candidate {
      Candidate(name) {
        node.finished {
          OneDNNKernel($0, transposeFirst: transposeFirst, transposeSecond: transposeSecond, type, self)
        }
      }
    }
    if precision == .bfloat16 {
      return [sized("bfloat16", FLEDGE_DNN_BFLOAT16), sized("matmul", FLEDGE_DNN_FLOAT32)]
    }
    let general = Candidate("sgemm") {
      node.finishing { MatrixKernel($0, transposeFirst: transposeFirst, transposeSecond: transposeSecond) }
    }
    let matmul = sized("matmul", FLEDGE_DNN_FLOAT32)
    let blas = Candidate("OpenBLAS") { makeLibraryKernel(node) }
    // Measured with oneDNN 2.6 on AVX-512: the general routine is slow where the second matrix is transposed and rows are
    // long.
    let isSizedFaster = transposeSecond && !transposeFirst && node.operandShapes[0][1] >= 512
    return isSizedFaster ? [matmul, general, blas] : [general, matmul, blas]
  }

  func convolutions(
    _ node: LibraryNode, _ window: Window, _ direction: ConvolutionDirection
  ) -> [Candidate] {
    func candidate(_ name: String, _ type: fledge_dnn_type) -> Candidate {
      Candidate(name) { node.finished { ConvolutionKernel.make($0, window, direction, type, self) } }
    }
    let narrow = precision == .bfloat16 ? [candidate("bfloat16", FLEDGE_DNN_BFLOAT16)] : []
    var summed = narrow + [candidate("direct", FLEDGE_DNN_FLOAT32)]
    if node.isPlainProduct {
      // Measured with oneDNN 2.6: filling up the channels of a block takes longest where they are results.
      summed.insert(
        Candidate("gemm") { makeLibraryKernel(node) }, at: direction == .inputGradient ? 0 : summed.endIndex)
    }
    guard !isExact, let kernel = Winograd.makeKernel(node, precision) else { return summed }
    let winograd = Candidate("winograd", tolerance: Winograd.tolerance(precision)) { kernel }
    return Winograd.isFast(node) ? [winograd] + summed : summed + [winograd]
  }
}
