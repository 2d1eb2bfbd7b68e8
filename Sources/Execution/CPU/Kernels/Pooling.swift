import CKernels
import Tensors

/// Maximum and mean of sliding windows, and their gradients: plane by plane, or a block of 16 channels by a block.
struct Pooling: Kernel {
  private let node: LibraryNode
  private let window: fledge_window
  private let planes: Int
  /// Floats of one plane, or of one block of planes.
  private let inputCount: Int
  private let outputCount: Int
  private let isBlocked: Bool

  /// Channels that the kernels for blocks take.
  static let block = 16

  init(_ node: LibraryNode, _ window: Window) {
    let (images, outputs) =
      switch node.operation {
      case .maxPoolGradient: (node.operandShapes[1], node.operandShapes[0])
      case .averagePoolGradient: (node.shape, node.operandShapes[0])
      default: (node.operandShapes[0], node.shape)
      }
    self.node = node
    self.window = fledge_window(window, images: images, outputs: outputs)
    isBlocked = images.channelBlock != nil
    planes = images[0] * images[1]
    inputCount = images[2] * images[3] * (images.channelBlock ?? 1)
    outputCount = outputs[2] * outputs[3] * (images.channelBlock ?? 1)
  }

  func run(_ memory: Memory) {
    let result = memory[node.result]
    let operands = node.operands.map { memory[$0] }
    parallel(planes * inputCount < 8192 ? 1 : memory.threads) { thread, threads in
      for plane in share(of: planes, thread: thread, threads: threads) {
        let (input, output) = (plane * inputCount, plane * outputCount)
        switch node.operation {
        case .maxPool: (isBlocked ? fledge_max_pool_16 : fledge_max_pool)(result + output, operands[0] + input, window)
        case .averagePool:
          (isBlocked ? fledge_average_pool_16 : fledge_average_pool)(result + output, operands[0] + input, window)
        case .maxPoolGradient:
          fledge_fill(result + input, 0, inputCount)
          (isBlocked ? fledge_max_pool_gradient_16 : fledge_max_pool_gradient)(
            result + input, operands[0] + output, operands[1] + input, window)
        default:
          fledge_fill(result + input, 0, inputCount)
          (isBlocked ? fledge_average_pool_gradient_16 : fledge_average_pool_gradient)(
            result + input, operands[0] + output, window)
        }
      }
    }
  }
}
