import CKernels
import Tensors

/// Convolutions of 3×3 windows at stride 1, and their gradients, on images in blocks of channels, by Winograd's algorithm: a
/// quarter of the multiplications (Lavin and Gray 2015).
///
/// Sums are Float32. What is multiplied is in the session's precision, of which the transforms cost a digit: the root mean square
/// error is 1e-6 of the result's in Float32 and 1e-2 in bfloat16, where a direct convolution's is 2e-3.
package enum Winograd {
  /// Whether the kernels are made for this processor: elsewhere they compute the same, slowly.
  static var isFast: Bool { fledge_winograd_is_fast(FLEDGE_POINTS_FLOAT32) != 0 }

  /// Whether the kernels are fast here, and there are tiles enough to be worth the filters' transform.
  package static func isFast(_ node: LibraryNode) -> Bool {
    let outputs = if case .convolutionFilterGradient = node.operation { node.operandShapes[0] } else { node.shape }
    return isFast && TileGroups(outputs).count > TileGroups.size
  }

  /// How far from a direct convolution it may be and still count as one in this precision, in greatest numbers of the result.
  package static func tolerance(_ precision: Precision) -> Float {
    switch precision {
    case .float32: 1e-4
    case .bfloat16: 5e-2
    }
  }

  /// Nil of what is no such convolution, or where the processor does not multiply numbers of the precision.
  package static func makeKernel(_ node: LibraryNode, _ precision: Precision) -> (any Kernel)? {
    guard computes(node.operation, node.storedOperands, node.stored),
      precision == .float32 || fledge_winograd_is_fast(FLEDGE_POINTS_CHANNEL_PAIRS) != 0
    else { return nil }
    return switch node.operation {
    case .convolution(let window), .convolutionInputGradient(let window):
      node.finished { WinogradConvolution($0, window, precision) }
    case .convolutionFilterGradient(let window): WinogradFilterGradient(node, window, precision)
    default: nil
    }
  }

  fileprivate static func note(_ precision: Precision) -> String { "Winograd 4×4 \(precision.rawValue)" }

  /// Whether it is such a convolution, or a gradient of one, with images and outputs in blocks of as many channels as the
  /// kernels take.
  static func computes(_ operation: Tensors.Operation, _ operands: [StoredShape], _ result: StoredShape) -> Bool {
    guard let (window, direction) = ConvolutionDirection.of(operation) else { return false }
    let (images, _, outputs) = direction.shapes(operands, result)
    return window.kernel == .init(3) && window.stride == .init(1) && window.dilation == .init(1) && window.groups == 1
      && [images, outputs].allSatisfy { $0.channelBlock == Pooling.block && $0.shape.elementCount > 0 }
  }
}

/// The convolution itself, or the gradient of its images, which is the convolution of the outputs' gradients with turned
/// filters. Operands: images or gradients, filters.
private struct WinogradConvolution: Kernel {
  private let node: LibraryNode
  private let images: fledge_tiling
  private let outputs: fledge_tiling
  private let filters: fledge_filters
  private let tiles: TileGroups
  private let precision: Precision

  init?(_ node: LibraryNode, _ window: Window, _ precision: Precision) {
    let filterShape = node.operandShapes[1]
    guard !node.areOperandsNarrow[1], [nil, .rectified].contains(node.epilogue?.activation) else { return nil }
    self.node = node
    self.precision = precision
    var padding = window.padding
    var isTurned: Int32 = 0
    if case .convolutionInputGradient = node.operation {
      padding = .init(2 - padding.height, 2 - padding.width)
      isTurned = 1
    }
    tiles = TileGroups(node.shape)
    images = fledge_tiling(node.operandShapes[0], tiles, padding, isNarrow: node.areOperandsNarrow[0])
    outputs = fledge_tiling(node.shape, tiles, isNarrow: node.isNarrow)
    let strides = filterShape.strides
    filters = fledge_filters(
      inputs: images.channels, outputs: outputs.channels, input_stride: strides[1 - Int(isTurned)],
      output_stride: strides[Int(isTurned)], is_turned: isTurned)
  }

  var note: String? { Winograd.note(precision) }

  var performedOperations: Double? { tiles.operations(filters.inputs, filters.outputs) }

  private var points: fledge_points { precision == .float32 ? FLEDGE_POINTS_FLOAT32 : FLEDGE_POINTS_CHANNEL_PAIRS }
  private var filterCount: Int { fledge_winograd_filters_count(filters.inputs, filters.outputs, points) }
  private var imageCount: Int { fledge_winograd_tiles_count(filters.inputs, points) }
  /// A thread's own: the points of a group of tiles, before and after the product.
  private var ownCount: Int { imageCount + fledge_winograd_tiles_count(filters.outputs, FLEDGE_POINTS_FLOAT32) }

  /// The filters' points are all threads' together.
  func scratchCount(threads: Int) -> Int { ownCount + (filterCount + threads - 1) / threads }

  func run(_ memory: Memory) {
    let filterPoints = memory.scratch(of: 0)
    let epilogue = fledge_epilogue(
      bias: node.epilogue?.bias.map { UnsafePointer(memory[$0]) },
      addend: node.epilogue?.addend.map { UnsafeRawPointer(memory[$0]) },
      is_addend_narrow: node.isAddendNarrow ? 1 : 0, is_rectified: node.epilogue?.activation == .rectified ? 1 : 0)
    parallel(memory.threads) { thread, threads in
      // Pairs of channels stay with one thread.
      let inputs = share(of: filters.inputs, thread: thread, threads: threads, grain: 2)
      fledge_winograd_filters(
        filterPoints, points, memory[node.operands[1]], filters, inputs.lowerBound, inputs.count)
    }
    parallel(min(memory.threads, tiles.groupCount)) { thread, threads in
      let imagePoints = filterPoints + filterCount + thread * ownCount
      let outputPoints = imagePoints + imageCount
      tiles.forEach(thread, of: threads) { first, count in
        fledge_winograd_images(imagePoints, points, memory[node.operands[0]], images, first, count)
        fledge_winograd_multiply(
          outputPoints, points, imagePoints, filterPoints, filters.inputs, filters.outputs, count)
        fledge_winograd_outputs(memory[node.result], outputPoints, epilogue, outputs, first, count)
      }
    }
  }
}

/// Operands: the gradient of the outputs, images. Each thread sums over its tiles; the sums are added in order.
private struct WinogradFilterGradient: Kernel {
  private let node: LibraryNode
  private let images: fledge_tiling
  private let gradients: fledge_tiling
  private let tiles: TileGroups
  private let precision: Precision

  init?(_ node: LibraryNode, _ window: Window, _ precision: Precision) {
    guard !node.isNarrow else { return nil }
    self.node = node
    self.precision = precision
    tiles = TileGroups(node.operandShapes[0])
    images = fledge_tiling(node.operandShapes[1], tiles, window.padding, isNarrow: node.areOperandsNarrow[1])
    gradients = fledge_tiling(node.operandShapes[0], tiles, isNarrow: node.areOperandsNarrow[0])
  }

  var note: String? { Winograd.note(precision) }

  var performedOperations: Double? { tiles.operations(images.channels, gradients.channels) }

  private var points: fledge_points { precision == .float32 ? FLEDGE_POINTS_FLOAT32 : FLEDGE_POINTS_TILE_PAIRS }
  private var sumCount: Int {
    fledge_winograd_filters_count(images.channels, gradients.channels, FLEDGE_POINTS_FLOAT32)
  }
  private var imageCount: Int { fledge_winograd_tiles_count(images.channels, points) }

  func scratchCount(threads: Int) -> Int {
    sumCount + imageCount + fledge_winograd_tiles_count(gradients.channels, points)
  }

  func run(_ memory: Memory) {
    let (inputs, outputs) = (images.channels, gradients.channels)
    var parts = 1
    parallel(min(memory.threads, tiles.groupCount)) { thread, threads in
      if thread == 0 { parts = threads }
      let sums = memory.scratch(of: thread)
      let (imagePoints, gradientPoints) = (sums + sumCount, sums + sumCount + imageCount)
      fledge_fill(sums, 0, sumCount)
      tiles.forEach(thread, of: threads) { first, count in
        fledge_winograd_images(imagePoints, points, memory[node.operands[1]], images, first, count)
        fledge_winograd_gradients(gradientPoints, points, memory[node.operands[0]], gradients, first, count)
        fledge_winograd_accumulate(sums, points, imagePoints, gradientPoints, inputs, outputs, count)
      }
    }
    parallel(memory.threads) { thread, threads in
      let range = share(of: inputs, thread: thread, threads: threads)
      fledge_winograd_filter_gradients(
        memory[node.result], memory.scratch(of: 0), parts, memory.scratchCount, inputs, outputs, range.lowerBound,
        range.count)
    }
  }
}

/// The tiles of all images, in groups of as many as are worked on at a time.
private struct TileGroups {
  /// Of an image.
  let rows: Int
  let columns: Int
  let count: Int
  static let size = Int(FLEDGE_WINOGRAD_TILES)

  init(_ outputs: Shape) {
    let side = Int(FLEDGE_WINOGRAD_SIDE)
    rows = (outputs[2] + side - 1) / side
    columns = (outputs[3] + side - 1) / side
    count = outputs[0] * rows * columns
  }

  /// Multiplications and additions at all points of all tiles.
  func operations(_ inputs: Int, _ outputs: Int) -> Double {
    Double(2 * FLEDGE_WINOGRAD_POINTS * count * inputs * outputs)
  }

  var groupCount: Int { (count + Self.size - 1) / Self.size }

  func forEach(_ thread: Int, of threads: Int, _ body: (_ first: Int, _ count: Int) -> Void) {
    // Not in whole groups: one more for a thread is a tenth of its work where images are small.
    let own = share(of: count, thread: thread, threads: threads, grain: 2)
    for first in stride(from: own.lowerBound, to: own.upperBound, by: Self.size) {
      body(first, min(Self.size, own.upperBound - first))
    }
  }
}

extension fledge_tiling {
  fileprivate init(_ images: Shape, _ tiles: TileGroups, _ padding: Window.Pair = .init(0), isNarrow: Bool) {
    self.init(
      channels: images[1], height: images[2], width: images[3], rows: tiles.rows, columns: tiles.columns,
      padding_top: padding.height, padding_left: padding.width, is_narrow: isNarrow ? 1 : 0)
  }
}
