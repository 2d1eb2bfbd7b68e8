import Tensors

extension Shape {
  /// Every index of the shape, in row-major order.
  var indices: [[Int]] {
    var index = Array(repeating: 0, count: rank)
    return (0..<elementCount).map { _ in
      defer {
        var axis = rank - 1
        while axis >= 0 {
          index[axis] += 1
          if index[axis] < sizes[axis] { break }
          index[axis] = 0
          axis -= 1
        }
      }
      return index
    }
  }

  /// Where an index lies in row-major order.
  func offset(_ index: [Int]) -> Int {
    var offset = 0
    for axis in 0..<rank { offset = offset * sizes[axis] + index[axis] }
    return offset
  }

  /// Where an index of a shape that this one broadcasts to reads this one.
  func offset(broadcasting index: [Int]) -> Int {
    let added = index.count - rank
    var offset = 0
    for axis in 0..<rank { offset = offset * sizes[axis] + (sizes[axis] == 1 ? 0 : index[added + axis]) }
    return offset
  }
}
