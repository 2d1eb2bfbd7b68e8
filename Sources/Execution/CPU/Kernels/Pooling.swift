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

  /// What is kept in bfloat16 is worked on in Float32, a plane at a time.
  func scratchCount(threads: Int) -> Int {
    node.isNarrow || node.areOperandsNarrow.contains(true) ? 2 * inputCount + outputCount : 0
  }

  func run(_ memory: Memory) {
    let isGradient = node.operation.isPoolGradient
    let (resultCount, gradientCount) = isGradient ? (inputCount, outputCount) : (outputCount, inputCount)
    parallel(planes * inputCount < 8192 ? 1 : memory.threads) { thread, threads in
      let scratch = memory.scratch(of: thread)
      func operand(_ index: Int, _ plane: Int, _ count: Int, _ room: UnsafeMutablePointer<Float>)
        -> UnsafePointer<Float>
      {
        guard node.areOperandsNarrow[index] else { return UnsafePointer(memory[node.operands[index]] + plane * count) }
        fledge_widen(room, memory.narrow(node.operands[index]) + plane * count, 1, count)
        return UnsafePointer(room)
      }
      for plane in share(of: planes, thread: thread, threads: threads) {
        let result = node.isNarrow ? scratch : memory[node.result] + plane * resultCount
        let first = operand(0, plane, gradientCount, scratch + resultCount)
        switch node.operation {
        case .maxPool: (isBlocked ? fledge_max_pool_16 : fledge_max_pool)(result, first, window)
        case .averagePool: (isBlocked ? fledge_average_pool_16 : fledge_average_pool)(result, first, window)
        case .maxPoolGradient:
          let images = operand(1, plane, inputCount, scratch + resultCount + gradientCount)
          (isBlocked ? fledge_max_pool_gradient_16 : fledge_max_pool_gradient)(result, first, images, window)
        default:
          (isBlocked ? fledge_average_pool_gradient_16 : fledge_average_pool_gradient)(result, first, window)
        }
        if node.isNarrow { fledge_narrow(memory.narrow(node.result) + plane * resultCount, result, resultCount) }
      }
    }
  }
}

extension Tensors.Operation {
  fileprivate var isPoolGradient: Bool {
    switch self {
    case .maxPoolGradient, .averagePoolGradient: true
    default: false
    }
  }
}
