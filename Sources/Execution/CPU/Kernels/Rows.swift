import CKernels
import Tensors

/// Rows of the first operand chosen by the second; an index out of range, or no whole number, reads zeros.
struct RowGathering: Kernel {
  private let node: LibraryNode

  init(_ node: LibraryNode) { self.node = node }

  func run(_ memory: Memory) {
    let table = node.operandShapes[0]
    let width = table.sizes.dropFirst().reduce(1, *)
    for position in 0..<node.operandShapes[1].elementCount {
      let target = memory[node.result] + position * width
      if let row = row(memory[node.operands[1]][position], of: table[0]) {
        fledge_copy(target, memory[node.operands[0]] + row * width, width)
      } else {
        fledge_fill(target, 0, width)
      }
    }
  }
}

/// Adds rows of the first operand into zeros at the second's indices; those out of range add nothing.
struct RowScattering: Kernel {
  private let node: LibraryNode

  init(_ node: LibraryNode) { self.node = node }

  func run(_ memory: Memory) {
    let width = node.shape.sizes.dropFirst().reduce(1, *)
    fledge_fill(memory[node.result], 0, node.shape.elementCount)
    for position in 0..<node.operandShapes[1].elementCount {
      guard let row = row(memory[node.operands[1]][position], of: node.shape[0]) else { continue }
      fledge_accumulate_sum(
        memory[node.result] + row * width, memory[node.operands[0]] + position * width, width)
    }
  }
}

private func row(_ index: Float, of count: Int) -> Int? {
  Int(exactly: index).flatMap { (0..<count).contains($0) ? $0 : nil }
}
