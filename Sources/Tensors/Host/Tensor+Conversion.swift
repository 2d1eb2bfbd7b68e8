extension Tensor {
  /// The elements as Float32, rounded where they were Float64.
  public var floats: [Float] {
    switch elements {
    case .float32(let values): values
    case .float64(let values): values.map(Float.init)
    case .uint8(let values): values.map(Float.init)
    case .int32(let values): values.map(Float.init)
    }
  }

  /// The elements as Float64.
  public var doubles: [Double] {
    switch elements {
    case .float32(let values): values.map(Double.init)
    case .float64(let values): values
    case .uint8(let values): values.map(Double.init)
    case .int32(let values): values.map(Double.init)
    }
  }

  /// The same numbers in another type; numbers that a whole type cannot hold are brought to its nearest.
  public func converted(to type: ElementType) -> Tensor {
    if type == elements.type { return self }
    let converted: Elements =
      switch type {
      case .float32: .float32(floats)
      case .float64: .float64(doubles)
      case .uint8: .uint8(doubles.map { UInt8(max(0, min(255, $0.isNaN ? 0 : $0.rounded()))) })
      case .int32: .int32(doubles.map { Int32(max(-2_147_483_648, min(2_147_483_647, $0.isNaN ? 0 : $0.rounded()))) })
      }
    return Tensor(unchecked: shape, converted)
  }

  /// The same elements under another shape; nil if their count differs.
  public func reshaped(_ shape: Shape) -> Tensor? { Tensor(shape, elements) }

  /// Rows `indices` of the outermost axis, in that order. Rows must exist.
  public func gathering(_ indices: some Collection<Int>) -> Tensor {
    let (indices, row) = (Array(indices), shape.sizes.dropFirst().reduce(1, *))
    let gathered: Elements =
      switch elements {
      case .float32(let values): .float32(values.rows(indices, of: row))
      case .float64(let values): .float64(values.rows(indices, of: row))
      case .uint8(let values): .uint8(values.rows(indices, of: row))
      case .int32(let values): .int32(values.rows(indices, of: row))
      }
    return Tensor(unchecked: Shape([indices.count] + shape.sizes.dropFirst()), gathered)
  }

  package init(unchecked shape: Shape, _ elements: Elements) {
    self.shape = shape
    self.elements = elements
  }
}

extension Array {
  /// Rows of `count` elements each, one after another.
  fileprivate func rows(_ indices: [Int], of count: Int) -> [Element] {
    var rows: [Element] = []
    rows.reserveCapacity(indices.count * count)
    for index in indices { rows += self[index * count..<(index + 1) * count] }
    return rows
  }
}
