import COneDNN
import Execution
import Tensors

/// oneDNN as a library of kernels under the CPU backend.
final class OneDNNLibrary: KernelLibrary {
  let engine: OpaquePointer
  let threads: Int
  let isExact: Bool
  let precision: Precision
  private let chooser: KernelChooser

  static var version: String { String(cString: fledge_dnn_version()) }

  /// Nil if oneDNN cannot compute here.
  init?(_ options: SessionOptions) {
    guard let engine = fledge_dnn_create() else { return nil }
    self.engine = engine
    threads = options.threads
    isExact = options.isExact
    precision = options.precision
    chooser = KernelChooser(options)
  }

  deinit { fledge_dnn_destroy(engine) }

  func prepare(_ graph: Graph) throws(VerificationError) -> Graph {
    // Of four plain channels oneDNN 2.6 has but its plain reference for filter gradients, 500 times slower.
    try ChannelBlocking(
      block: 16,
      hasKernel: { [self] operation, operands, result in
        ConvolutionKernel.isPossible(operation, operands, result, FLEDGE_DNN_FLOAT32, self)
          && chooser.layout(of: operation, operands, result, inBlocks: makeKernel) == .blocks
      },
      takesPlain: { $0 <= 3 })(graph)
  }

  func multipliesNarrow(_ node: Graph.Node, operands: [StoredShape]) -> Bool {
    switch node.operation {
    case .convolution, .convolutionInputGradient, .convolutionFilterGradient:
      ConvolutionKernel.isPossible(node.operation, operands, node.stored, FLEDGE_DNN_BFLOAT16, self)
    case .matmul: true
    default: false
    }
  }

  func fuses(_ epilogue: Epilogue, into node: Graph.Node, operands: [StoredShape]) -> Bool {
    switch node.operation {
    case .convolution, .convolutionInputGradient, .matmul: true
    default: false
    }
  }

  func makeKernel(_ node: LibraryNode) -> (any Kernel)? {
    let candidates: [Candidate]
    if case .matmul(let first, let second) = node.operation {
      candidates = products(node, transposeFirst: first, transposeSecond: second)
    } else if let (window, direction) = ConvolutionDirection.of(node.operation) {
      candidates = convolutions(node, window, direction)
    } else {
      candidates = []
    }
    return candidates.isEmpty ? nil : chooser.choose(node, candidates)
  }

  func finishPlan() { chooser.finishPlan() }

  var choices: KernelChoices { chooser.choices }
}
