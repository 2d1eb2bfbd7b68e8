import Tensors

/// Sum, maximum and argument of the maximum over axes that stay at size one.
func referenceReduction(_ operation: Operation, _ x: ReferenceOperand, shape: Shape) -> [Double] {
  let start = if case .reduce(.sum, _) = operation { 0.0 } else { -Double.infinity }
  var result = Array(repeating: start, count: shape.elementCount)
  var arguments = Array(repeating: 0.0, count: shape.elementCount)
  for (index, value) in zip(x.shape.indices, x.elements) {
    let target = shape.offset(broadcasting: index)
    switch operation {
    case .reduce(.sum, _): result[target] += value
    case .argumentOfMaximum(let axis) where value > result[target]:
      result[target] = value
      arguments[target] = Double(index[axis])
    default: result[target] = Operation.Binary.maximum.result(result[target], value)
    }
  }
  if case .argumentOfMaximum = operation { return arguments }
  return result
}
