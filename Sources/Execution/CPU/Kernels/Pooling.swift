import CKernels
import Tensors

/// Maximum and mean of sliding windows, and their gradients, plane by plane.
struct Pooling: Kernel {
  private let node: LibraryNode
  private let window: fledge_window
  private let planes: Int
  private let inputPixels: Int
  private let outputPixels: Int

  init(_ node: LibraryNode, _ window: Window) {
    let (images, outputs) =
      switch node.operation {
      case .maxPoolGradient: (node.operandShapes[1], node.operandShapes[0])
      case .averagePoolGradient: (node.shape, node.operandShapes[0])
      default: (node.operandShapes[0], node.shape)
      }
    self.node = node
    self.window = fledge_window(window, images: images, outputs: outputs)
    planes = images[0] * images[1]
    inputPixels = images[2] * images[3]
    outputPixels = outputs[2] * outputs[3]
  }

  func run(_ memory: Memory) {
    let result = memory[node.result]
    let operands = node.operands.map { memory[$0] }
    parallel(planes * inputPixels < 8192 ? 1 : memory.threads) { thread, threads in
      for plane in share(of: planes, thread: thread, threads: threads) {
        let (input, output) = (plane * inputPixels, plane * outputPixels)
        switch node.operation {
        case .maxPool: fledge_max_pool(result + output, operands[0] + input, window)
        case .averagePool: fledge_average_pool(result + output, operands[0] + input, window)
        case .maxPoolGradient:
          fledge_fill(result + input, 0, inputPixels)
          fledge_max_pool_gradient(result + input, operands[0] + output, operands[1] + input, window)
        default:
          fledge_fill(result + input, 0, inputPixels)
          fledge_average_pool_gradient(result + input, operands[0] + output, window)
        }
      }
    }
  }
}
