extension Tensor {
  /// The elements' bytes, little-endian: how checkpoints and exports keep them.
  public var bytes: [UInt8] {
    switch elements {
    case .float32(let values): littleEndianBytes(values.map(\.bitPattern))
    case .float64(let values): littleEndianBytes(values.map(\.bitPattern))
    case .uint8(let values): values
    case .int32(let values): littleEndianBytes(values)
    }
  }

  /// The tensor that `bytes` (little-endian) hold; nil if their count does not fit the shape.
  public init?(_ shape: Shape, _ type: ElementType, bytes: [UInt8]) {
    guard bytes.count == shape.elementCount * type.size else { return nil }
    let elements: Elements =
      switch type {
      case .float32: .float32(integers(bytes, of: UInt32.self).map(Float.init(bitPattern:)))
      case .float64: .float64(integers(bytes, of: UInt64.self).map(Double.init(bitPattern:)))
      case .uint8: .uint8(bytes)
      case .int32: .int32(integers(bytes, of: Int32.self))
      }
    self.init(shape, elements)
  }
}

private func littleEndianBytes(_ values: [some FixedWidthInteger]) -> [UInt8] {
  values.map(\.littleEndian).withUnsafeBytes { Array($0) }
}

private func integers<Integer: FixedWidthInteger>(_ bytes: [UInt8], of: Integer.Type) -> [Integer] {
  bytes.withUnsafeBytes { raw in
    (0..<raw.count / MemoryLayout<Integer>.size).map {
      Integer(littleEndian: raw.loadUnaligned(fromByteOffset: $0 * MemoryLayout<Integer>.size, as: Integer.self))
    }
  }
}
