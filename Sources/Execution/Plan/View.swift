import Tensors

/// How a node's elements lie in the storage of another: element i of the node is at `offset` + Σ i[axis] · `strides[axis]`.
struct View: Equatable {
  var base: Graph.ID
  var offset: Int
  var strides: [Int]

  /// A node that lies in storage of its own.
  init(of id: Graph.ID, _ shape: Shape) {
    base = id
    offset = 0
    strides = shape.strides
  }

  /// Whether the elements lie one after the other in row-major order.
  func isContiguous(_ shape: Shape) -> Bool {
    zip(zip(strides, shape.strides), shape.sizes).allSatisfy { $0.0 == $0.1 || $1 == 1 }
  }

  /// The view of a node that only moves the elements of an operand viewed like this; nil if strides cannot say it.
  func moved(by operation: Operation, from source: Shape, to result: Shape) -> View? {
    var view = self
    switch operation {
    case .reshape:
      if isContiguous(source) {
        view.strides = result.strides
        return view
      }
      return reshapedAroundOnes(from: source, to: result)
    case .broadcast:
      let added = result.rank - source.rank
      view.strides = result.sizes.indices.map {
        $0 < added || source[$0 - added] != result[$0] ? 0 : strides[$0 - added]
      }
      return view
    case .transpose(let order):
      view.strides = order.map { strides[$0] }
      return view
    case .slice(let starts, let steps):
      view.offset += zip(starts, strides).reduce(0) { $0 + $1.0 * $1.1 }
      view.strides = zip(steps, strides).map { $0 * $1 }
      return view
    default: return nil
    }
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
