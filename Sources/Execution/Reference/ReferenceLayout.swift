import Tensors

/// The primitives that only move elements.
func referenceLayout(_ operation: Operation, _ operands: [ReferenceOperand], shape: Shape) -> [Double] {
  let x = operands[0]
  switch operation {
  case .broadcast: return shape.indices.map { x.elements[x.shape.offset(broadcasting: $0)] }
  case .transpose(let order):
    return shape.indices.map { index in
      var source = index
      for (axis, from) in order.enumerated() { source[from] = index[axis] }
      return x.elements[x.shape.offset(source)]
    }
  case .slice(let starts, let strides):
    return shape.indices.map { index in
      x.elements[x.shape.offset(index.indices.map { starts[$0] + index[$0] * strides[$0] })]
    }
  case .pad(let low, _):
    return shape.indices.map { index in
      let source = index.indices.map { index[$0] - low[$0] }
      return zip(source, x.shape.sizes).allSatisfy { $0 >= 0 && $0 < $1 } ? x.elements[x.shape.offset(source)] : 0
    }
  case .concatenate(let axis):
    return shape.indices.map { index in
      var source = index
      for operand in operands {
        if source[axis] < operand.shape[axis] { return operand.elements[operand.shape.offset(source)] }
        source[axis] -= operand.shape[axis]
      }
      return 0
    }
  case .gatherRows:
    let row = x.shape.sizes.dropFirst().reduce(1, *)
    return operands[1].elements.flatMap { index in
      guard let start = Int(exactly: index), start >= 0, start < x.shape[0] else {
        return Array(repeating: 0.0, count: row)
      }
      return Array(x.elements[start * row..<(start + 1) * row])
    }
  default:
    let row = x.shape.sizes.dropFirst().reduce(1, *)
    var result = Array(repeating: 0.0, count: shape.elementCount)
    for (source, index) in operands[1].elements.enumerated() {
      guard let target = Int(exactly: index), target >= 0, target < shape[0] else { continue }
      for column in 0..<row { result[target * row + column] += x.elements[source * row + column] }
    }
    return result
  }
}
