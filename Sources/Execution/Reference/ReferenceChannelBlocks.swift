import Tensors

/// Computes with images as `[batch, channels, height, width]`, whatever form operands and result have.
func withoutChannelBlocks(
  _ operands: [ReferenceOperand], _ shape: Shape, _ body: ([ReferenceOperand], Shape) -> [Double]
) -> [Double] {
  let plain = operands.map { operand in
    ReferenceOperand(
      shape: operand.shape.withoutChannelBlocks,
      elements: plainPositions(operand.shape)?.map { operand.elements[$0] } ?? operand.elements)
  }
  let result = body(plain, shape.withoutChannelBlocks)
  guard let positions = plainPositions(shape) else { return result }
  var blocked = result
  for (plain, position) in positions.enumerated() { blocked[position] = result[plain] }
  return blocked
}

/// Where each element of the plain form lies in the form with blocks; nil if there are none.
private func plainPositions(_ shape: Shape) -> [Int]? {
  guard let block = shape.channelBlock else { return nil }
  return shape.withoutChannelBlocks.indices.map { index in
    shape.offset([index[0], index[1] / block, index[2], index[3], index[1] % block])
  }
}
