/// How the elements of a planned node lie in memory. It changes no number: shapes and axes of a node stay what they are.
public enum Layout: Sendable, Hashable {
  /// The last axis runs fastest. Traced and lowered graphs know nothing else.
  case rowMajor
  /// Images `[batch, channels, height, width]` lie as `[batch, channels / block, height, width, block]`, so that a vector
  /// holds so many channels of one pixel (oneDNN's nChw16c).
  case channelBlocks(Int)

  /// Whether a tensor of this shape can lie so.
  public func fits(_ shape: Shape) -> Bool {
    switch self {
    case .rowMajor: true
    case .channelBlocks(let block): shape.rank == 4 && block > 0 && shape[1] % block == 0
    }
  }
}

/// A shape and how a tensor of it lies in memory.
public struct StoredShape: Sendable, Hashable, CustomStringConvertible {
  public let shape: Shape
  public let layout: Layout

  public init(_ shape: Shape, _ layout: Layout = .rowMajor) {
    self.shape = shape
    self.layout = layout
  }

  /// The axes of the memory, the last running fastest: images `[128, 64, 8, 8]` in blocks of 16 are `[128, 4, 8, 8, 16]`.
  public var memory: Shape {
    guard let channelBlock, layout.fits(shape) else { return shape }
    return [shape[0], shape[1] / channelBlock, shape[2], shape[3], channelBlock]
  }

  /// Channels a block; nil for row-major images.
  public var channelBlock: Int? { if case .channelBlocks(let block) = layout { block } else { nil } }

  /// Strides along the axes of the shape, as strides along those of the memory. In blocks of 16 channels, strides
  /// `[4096, 64, 8, 1]` become `[4096, 1024, 8, 1, 64]`.
  package func alongMemory(_ strides: [Int]) -> [Int] {
    guard let channelBlock else { return strides }
    return [strides[0], strides[1] * channelBlock, strides[2], strides[3], strides[1]]
  }

  public var description: String { memory.description }
}
