import CKernels
import Tensors

/// Operands one after another along an axis.
struct Concatenation: Kernel {
  private let node: LibraryNode
  /// Places before the axis; elements of each operand at one of them.
  private let places: Int
  private let widths: [Int]

  init(_ node: LibraryNode, axis: Int) {
    self.node = node
    places = node.shape.sizes[..<axis].reduce(1, *)
    widths = node.operandShapes.map { $0.sizes[axis...].reduce(1, *) }
  }

  func run(_ memory: Memory) {
    var target = memory[node.result]
    for place in 0..<places {
      for (operand, width) in zip(node.operands, widths) {
        fledge_copy(target, memory[operand] + place * width, width)
        target += width
      }
    }
  }
}
