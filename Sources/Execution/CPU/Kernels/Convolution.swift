import CKernels
import Tensors

/// The sizes of a convolution, as its three kernels need them: each image's patches become the columns of a matrix, and the
/// convolution a matrix product (Chellapilla et al. 2006).
struct ConvolutionSizes {
  let batch: Int
  let groups: Int
  /// Of one group.
  let inputChannels: Int
  let outputChannels: Int
  let inputPixels: Int
  let outputPixels: Int
  /// Elements under one window, over all channels of a group.
  let patch: Int
  let window: fledge_window
  /// Whether the patches are the image itself: one pixel a window, every pixel once.
  let isPointwise: Bool

  init(images: Shape, filters: Shape, outputs: Shape, _ window: Window) {
    batch = images[0]
    groups = window.groups
    inputChannels = filters[1]
    outputChannels = filters[0] / window.groups
    inputPixels = images[2] * images[3]
    outputPixels = outputs[2] * outputs[3]
    patch = filters[1] * filters[2] * filters[3]
    self.window = fledge_window(window, images: images, outputs: outputs)
    isPointwise = window.kernel == .init(1) && window.stride == .init(1) && window.padding == .init(0)
  }

  /// How all three compute.
  static let note = "OpenBLAS on its patches"

  var columnCount: Int { isPointwise ? 0 : patch * outputPixels }

  /// Where a group of an image begins among inputs, and among outputs.
  func inputOffset(_ image: Int, _ group: Int) -> Int { (image * groups + group) * inputChannels * inputPixels }
  func outputOffset(_ image: Int, _ group: Int) -> Int { (image * groups + group) * outputChannels * outputPixels }
  func filterOffset(_ group: Int) -> Int { group * outputChannels * patch }

  /// The patches of an image's group as columns, in `scratch` where they are not the image itself.
  func columns(of image: UnsafePointer<Float>, _ scratch: UnsafeMutablePointer<Float>) -> UnsafePointer<Float> {
    if isPointwise { return image }
    fledge_im2col(scratch, image, inputChannels, window)
    return UnsafePointer(scratch)
  }
}

struct Convolution: Kernel {
  private let node: LibraryNode
  private let sizes: ConvolutionSizes

  init(_ node: LibraryNode, _ window: Window) {
    self.node = node
    sizes = ConvolutionSizes(
      images: node.operandShapes[0], filters: node.operandShapes[1], outputs: node.shape, window)
  }

  var note: String? { ConvolutionSizes.note }

  func scratchCount(threads: Int) -> Int { sizes.columnCount }

  func run(_ memory: Memory) {
    let (images, filters) = (memory[node.operands[0]], memory[node.operands[1]])
    let outputs = memory[node.result]
    parallel(min(memory.threads, sizes.batch)) { thread, threads in
      let team = threads > 1 ? Team.caller : .own(threads: 1)
      for image in share(of: sizes.batch, thread: thread, threads: threads) {
        for group in 0..<sizes.groups {
          let columns = sizes.columns(of: images + sizes.inputOffset(image, group), memory.scratch(of: thread))
          multiply(
            Matrix(filters + sizes.filterOffset(group), columns: sizes.patch),
            Matrix(columns, columns: sizes.outputPixels), into: outputs + sizes.outputOffset(image, group),
            rows: sizes.outputChannels, columns: sizes.outputPixels, inner: sizes.patch,
            on: team)
        }
      }
    }
  }
}

/// Operands: the gradient of the outputs, filters.
struct ConvolutionInputGradient: Kernel {
  private let node: LibraryNode
  private let sizes: ConvolutionSizes

  init(_ node: LibraryNode, _ window: Window) {
    self.node = node
    sizes = ConvolutionSizes(
      images: node.shape, filters: node.operandShapes[1], outputs: node.operandShapes[0], window)
  }

  var note: String? { ConvolutionSizes.note }

  func scratchCount(threads: Int) -> Int { sizes.columnCount }

  func run(_ memory: Memory) {
    let (gradients, filters) = (memory[node.operands[0]], memory[node.operands[1]])
    let images = memory[node.result]
    let imageCount = sizes.inputChannels * sizes.inputPixels
    parallel(min(memory.threads, sizes.batch)) { thread, threads in
      let team = threads > 1 ? Team.caller : .own(threads: 1)
      for image in share(of: sizes.batch, thread: thread, threads: threads) {
        for group in 0..<sizes.groups {
          let target = images + sizes.inputOffset(image, group)
          let columns = sizes.isPointwise ? target : memory.scratch(of: thread)
          multiply(
            Matrix(filters + sizes.filterOffset(group), columns: sizes.patch, isTransposed: true),
            Matrix(gradients + sizes.outputOffset(image, group), columns: sizes.outputPixels), into: columns,
            rows: sizes.patch, columns: sizes.outputPixels, inner: sizes.outputChannels,
            on: team)
          if !sizes.isPointwise {
            fledge_fill(target, 0, imageCount)
            fledge_col2im(target, columns, sizes.inputChannels, sizes.window)
          }
        }
      }
    }
  }
}

/// Operands: the gradient of the outputs, images. Each thread sums over its images; the sums are added in order.
struct ConvolutionFilterGradient: Kernel {
  private let node: LibraryNode
  private let sizes: ConvolutionSizes

  init(_ node: LibraryNode, _ window: Window) {
    self.node = node
    sizes = ConvolutionSizes(
      images: node.operandShapes[1], filters: node.shape, outputs: node.operandShapes[0], window)
  }

  private var filterCount: Int { node.shape.elementCount }

  var note: String? { ConvolutionSizes.note }

  func scratchCount(threads: Int) -> Int { sizes.columnCount + filterCount }

  func run(_ memory: Memory) {
    let (gradients, images) = (memory[node.operands[0]], memory[node.operands[1]])
    let filters = memory[node.result]
    var partialSums = 1
    parallel(min(memory.threads, sizes.batch)) { thread, threads in
      let team = threads > 1 ? Team.caller : .own(threads: 1)
      if thread == 0 { partialSums = threads }
      let sum = thread == 0 ? filters : memory.scratch(of: thread) + sizes.columnCount
      fledge_fill(sum, 0, filterCount)
      for image in share(of: sizes.batch, thread: thread, threads: threads) {
        for group in 0..<sizes.groups {
          let columns = sizes.columns(of: images + sizes.inputOffset(image, group), memory.scratch(of: thread))
          multiply(
            Matrix(gradients + sizes.outputOffset(image, group), columns: sizes.outputPixels),
            Matrix(columns, columns: sizes.outputPixels, isTransposed: true), into: sum + sizes.filterOffset(group),
            rows: sizes.outputChannels, columns: sizes.patch, inner: sizes.outputPixels, accumulates: true,
            on: team)
        }
      }
    }
    for thread in 1..<max(1, partialSums) {
      fledge_accumulate_sum(filters, memory.scratch(of: thread) + sizes.columnCount, filterCount)
    }
  }
}

extension fledge_window {
  init(_ window: Window, images: Shape, outputs: Shape) {
    self.init(
      input_height: images[2], input_width: images[3], kernel_height: window.kernel.height,
      kernel_width: window.kernel.width, stride_height: window.stride.height, stride_width: window.stride.width,
      padding_top: window.padding.height, padding_left: window.padding.width,
      dilation_height: window.dilation.height, dilation_width: window.dilation.width, output_height: outputs[2],
      output_width: outputs[3])
  }
}
