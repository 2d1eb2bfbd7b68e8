import CKernels
import Tensors

/// Maximum and mean of sliding windows, and their gradients: plane by plane, or a block of 16 channels by a block; where
/// windows do not overlap, in bands of such a plane that stay in the first-level cache.
struct Pooling: Kernel {
  private let node: LibraryNode
  /// Of one band.
  private let window: fledge_window
  private let bands: Int
  /// Floats of one band.
  private let inputCount: Int
  private let outputCount: Int
  private let isBlocked: Bool

  /// Channels that the kernels for blocks take.
  static let block = 16
  /// A band has at most so many floats, if a row of windows has not more.
  private static let bandCount = 2048

  init(_ node: LibraryNode, _ window: Window) {
    let (images, outputs) =
      switch node.operation {
      case .maxPoolGradient: (node.operandShapes[1], node.operandShapes[0])
      case .averagePoolGradient: (node.shape, node.operandShapes[0])
      default: (node.operandShapes[0], node.shape)
      }
    self.node = node
    let block = node.stored.channelBlock
    isBlocked = block != nil
    let (width, outputWidth) = (images[3] * (block ?? 1), outputs[3] * (block ?? 1))
    var band = fledge_window(window, images: images, outputs: outputs)
    var bandsOfPlane = 1
    if window.isTiling(images[2], outputs[2]) {
      let most = max(1, Self.bandCount / (window.stride.height * width))
      bandsOfPlane = (1...outputs[2]).first { outputs[2] % $0 == 0 && outputs[2] / $0 <= most } ?? 1
      band.output_height /= bandsOfPlane
      band.input_height /= bandsOfPlane
    }
    self.window = band
    bands = images[0] * images[1] / (block ?? 1) * bandsOfPlane
    inputCount = band.input_height * width
    outputCount = band.output_height * outputWidth
  }

  /// What is kept in bfloat16 is worked on in Float32, a band at a time.
  func scratchCount(threads: Int) -> Int {
    node.isNarrow || node.areOperandsNarrow.contains(true) ? 2 * inputCount + outputCount : 0
  }

  func run(_ memory: Memory) {
    let isGradient = node.operation.isPoolGradient
    let (resultCount, gradientCount) = isGradient ? (inputCount, outputCount) : (outputCount, inputCount)
    parallel(bands * inputCount < 8192 ? 1 : memory.threads) { thread, threads in
      let scratch = memory.scratch(of: thread)
      func operand(_ index: Int, _ band: Int, _ count: Int, _ room: UnsafeMutablePointer<Float>)
        -> UnsafePointer<Float>
      {
        guard node.areOperandsNarrow[index] else { return UnsafePointer(memory[node.operands[index]] + band * count) }
        fledge_widen(room, memory.narrow(node.operands[index]) + band * count, 1, count)
        return UnsafePointer(room)
      }
      for band in share(of: bands, thread: thread, threads: threads) {
        let result = node.isNarrow ? scratch : memory[node.result] + band * resultCount
        let first = operand(0, band, gradientCount, scratch + resultCount)
        switch node.operation {
        case .maxPool: (isBlocked ? fledge_max_pool_16 : fledge_max_pool)(result, first, window)
        case .averagePool: (isBlocked ? fledge_average_pool_16 : fledge_average_pool)(result, first, window)
        case .maxPoolGradient:
          let images = operand(1, band, inputCount, scratch + resultCount + gradientCount)
          (isBlocked ? fledge_max_pool_gradient_16 : fledge_max_pool_gradient)(result, first, images, window)
        default:
          (isBlocked ? fledge_average_pool_gradient_16 : fledge_average_pool_gradient)(result, first, window)
        }
        if node.isNarrow { fledge_narrow(memory.narrow(node.result) + band * resultCount, result, resultCount) }
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

extension Window {
  /// Whether rows of windows lie side by side and cover an image of this height, which has at least one.
  fileprivate func isTiling(_ height: Int, _ outputHeight: Int) -> Bool {
    kernel.height == stride.height && dilation.height == 1 && padding.height == 0
      && outputHeight > 0 && height == outputHeight * stride.height
  }
}
