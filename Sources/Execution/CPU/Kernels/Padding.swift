import CKernels
import Tensors

/// Zeros around, copied row by row.
struct Padding: Kernel {
  private let node: LibraryNode
  private let low: [Int]

  init(_ node: LibraryNode, low: [Int]) {
    self.node = node
    self.low = low
  }

  func run(_ memory: Memory) {
    let result = memory[node.result]
    let x = memory[node.operands[0]]
    let shape = node.operandShapes[0]
    fledge_fill(result, 0, node.shape.elementCount)
    guard let columns = shape.sizes.last, columns > 0 else { return }
    let strides = node.shape.strides
    let start = zip(low, strides).reduce(0) { $0 + $1.0 * $1.1 }
    for row in 0..<shape.elementCount / columns {
      var rest = row
      var offset = start
      for axis in (0..<shape.rank - 1).reversed() {
        offset += rest % shape[axis] * strides[axis]
        rest /= shape[axis]
      }
      fledge_copy(result + offset, x + row * columns, columns)
    }
  }
}
