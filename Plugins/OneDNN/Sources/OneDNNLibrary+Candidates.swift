import COneDNN
import Execution
import Tensors

/// The kernels that compute a node, first the one that is faster by rule.
extension OneDNNLibrary {
  typealias Candidate = KernelChooser.Candidate<any Kernel>

  func products(_ node: LibraryNode, transposeFirst: Bool, transposeSecond: Bool) -> [Candidate] {
    func sized(_ name: String, _ type: fledge_dnn_type) -> Candidate {
      Candidate(name) {
        OneDNNKernel(node, transposeFirst: transposeFirst, transposeSecond: transposeSecond, type, self)
      }
    }
    if precision == .bfloat16 {
      return [sized("bfloat16", FLEDGE_DNN_BFLOAT16), sized("matmul", FLEDGE_DNN_FLOAT32)]
    }
    let general = Candidate("sgemm") {
      MatrixKernel(node, transposeFirst: transposeFirst, transposeSecond: transposeSecond)
    }
    let matmul = sized("matmul", FLEDGE_DNN_FLOAT32)
    let blas = Candidate("OpenBLAS") { makeLibraryKernel(node) }
    // Measured with oneDNN 2.6 on AVX-512: the general routine is slow where the second matrix is transposed and rows are
    // long.
    let isSizedFaster = transposeSecond && !transposeFirst && node.operandShapes[0][1] >= 512
    return isSizedFaster ? [matmul, general, blas] : [general, matmul, blas]
  }

  func convolutions(
    _ node: LibraryNode, _ window: Window, _ direction: ConvolutionKernel.Direction
  ) -> [Candidate] {
    func candidate(_ name: String, _ algorithm: fledge_dnn_algorithm, _ type: fledge_dnn_type) -> Candidate {
      Candidate(name, isApproximate: algorithm == FLEDGE_DNN_WINOGRAD && precision == .float32) {
        ConvolutionKernel.make(node, window, direction, algorithm, type, self)
      }
    }
    let narrow = precision == .bfloat16 ? [candidate("bfloat16", FLEDGE_DNN_DIRECT, FLEDGE_DNN_BFLOAT16)] : []
    let direct = candidate("direct", FLEDGE_DNN_DIRECT, FLEDGE_DNN_FLOAT32)
    let isForWinograd =
      window.kernel == .init(3) && window.stride == .init(1) && window.dilation == .init(1) && window.groups == 1
    guard isForWinograd, !isExact else { return narrow + [direct] }
    let winograd = candidate("winograd", FLEDGE_DNN_WINOGRAD, FLEDGE_DNN_FLOAT32)
    // Measured with oneDNN 2.6 on AVX-512: Winograd's transforms pay from 32 channels on, those of the filters from 64.
    let filters = direction.shapes(node.operandShapes, node.shape).filters
    let (fewest, most) = (min(filters[0], filters[1]), max(filters[0], filters[1]))
    let isWinogradFaster = fewest >= 32 && (direction != .filterGradient || most >= 64)
    return narrow + (isWinogradFaster ? [winograd, direct] : [direct, winograd])
  }
}
