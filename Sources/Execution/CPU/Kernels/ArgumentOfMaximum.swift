import Tensors

/// The index of the first maximum along an axis; 0 where nothing is greater than −∞.
struct ArgumentOfMaximum: Kernel {
  private let node: LibraryNode
  private let size: Int
  private let stride: Int

  init(_ node: LibraryNode, axis: Int) {
    self.node = node
    size = node.operandShapes[0][axis]
    stride = node.operandShapes[0].strides[axis]
  }

  func run(_ memory: Memory) {
    let x = memory[node.operands[0]]
    let result = memory[node.result]
    for index in 0..<node.shape.elementCount {
      let start = x + (index / stride * stride * size + index % stride)
      var greatest = -Float.infinity
      var argument = 0
      for position in 0..<size where start[position * stride] > greatest {
        greatest = start[position * stride]
        argument = position
      }
      result[index] = Float(argument)
    }
  }
}
