import Tensors

/// How a node's elements lie in the storage of another: the element at index i along the axes of the node's memory is at
/// `offset` + Σ i[axis] · `strides[axis]`.
///
///     %0 [4, 6] = variable            base %0, offset 0, strides [6, 1]
///     %1 [6, 4] = transpose(%0)       base %0, offset 0, strides [1, 6]
///     %2 [3, 4] = slice from [1, 0] by [2, 1](%1)   base %0, offset 1, strides [2, 6]
struct View: Equatable {
  var base: Graph.ID
  var offset: Int
  var strides: [Int]

  /// A node that lies in storage of its own.
  init(of id: Graph.ID, _ memory: Shape) {
    base = id
    offset = 0
    strides = memory.strides
  }

  /// Whether the elements lie one after the other, the last of the memory's axes running fastest.
  func isContiguous(_ memory: Shape) -> Bool {
    zip(zip(strides, memory.strides), memory.sizes).allSatisfy { $0.0 == $0.1 || $1 == 1 }
  }

  /// The view of a node that only moves the elements of an operand viewed like this; nil if strides cannot say it.
  func moved(by operation: Operation, from source: StoredShape, to result: StoredShape) -> View? {
    var view = self
    switch operation {
    case .reshape:
      if isContiguous(source.memory) {
        view.strides = result.memory.strides
        return view
      }
      return reshapedAroundOnes(from: source.shape, to: result.shape)
    case .broadcast:
      // Images in blocks repeat such images, or what is row-major.
      let isFromBlocks = source.channelBlock != nil
      let strides = broadcast(
        from: isFromBlocks ? source.memory : source.shape, to: isFromBlocks ? result.memory : result.shape)
      view.strides = isFromBlocks ? strides : result.alongMemory(strides)
      return view
    case .relayout: return laidOut(from: source, to: result)
    case .transpose(let order):
      view.strides = order.map { strides[$0] }
      return view
    case .slice(var starts, var steps):
      // Of images in blocks, a slice takes all channels.
      if source.channelBlock != nil { (starts, steps) = (starts + [0], steps + [1]) }
      view.offset += zip(starts, strides).reduce(0) { $0 + $1.0 * $1.1 }
      view.strides = zip(steps, strides).map { $0 * $1 }
      return view
    default: return nil
    }
  }

  private func broadcast(from source: Shape, to result: Shape) -> [Int] {
    let added = result.rank - source.rank
    return result.sizes.indices.map { $0 < added || source[$0 - added] != result[$0] ? 0 : strides[$0 - added] }
  }

  /// The same elements in another layout.
  private func laidOut(from source: StoredShape, to result: StoredShape) -> View? {
    var view = self
    switch (source.channelBlock, result.channelBlock) {
    case (nil, _): view.strides = result.alongMemory(strides)
    case (let block?, nil):
      // A channel's stride is one number only if there is one block, or blocks lie side by side.
      guard source.memory[1] == 1 || strides[1] == block * strides[4] else { return nil }
      view.strides = [strides[0], strides[4], strides[2], strides[3]]
    case (let first?, let second?): if first != second { return nil }
    }
    return view
  }

  /// A reshape that only adds or drops axes of size one.
  private func reshapedAroundOnes(from source: Shape, to result: Shape) -> View? {
    let kept = source.sizes.indices.filter { source[$0] != 1 }
    guard kept.map({ source[$0] }) == result.sizes.filter({ $0 != 1 }) else { return nil }
    var view = self
    var remaining = kept.map { strides[$0] }[...]
    view.strides = result.sizes.map { $0 == 1 ? 0 : remaining.removeFirst() }
    return view
  }
}
