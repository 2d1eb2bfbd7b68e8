/// Numbers in host memory, row-major: what goes into programs, comes out of them, and is stored.
public struct Tensor: Sendable, Equatable {
  public let shape: Shape
  public let elements: Elements

  /// The numbers in the type that they are kept in.
  public enum Elements: Sendable, Equatable {
    case float32([Float])
    case float64([Double])
    case uint8([UInt8])
    case int32([Int32])
  }

  /// The tensor with these elements, row-major; nil if their count is not that of the shape.
  public init?(_ shape: Shape, _ elements: Elements) {
    guard elements.count == shape.elementCount else { return nil }
    self.shape = shape
    self.elements = elements
  }

  /// A tensor whose elements are computed from their row-major index.
  public init(_ shape: Shape, generating element: (Int) throws -> Double) rethrows {
    self.shape = shape
    elements = .float64(try (0..<shape.elementCount).map(element))
  }

  /// A scalar.
  public init(_ value: Double) {
    shape = .scalar
    elements = .float64([value])
  }
}

extension Tensor.Elements {
  public var count: Int {
    switch self {
    case .float32(let values): values.count
    case .float64(let values): values.count
    case .uint8(let values): values.count
    case .int32(let values): values.count
    }
  }

  public var type: ElementType {
    switch self {
    case .float32: .float32
    case .float64: .float64
    case .uint8: .uint8
    case .int32: .int32
    }
  }
}

/// How a tensor keeps its numbers.
public enum ElementType: String, Sendable, Codable, CaseIterable {
  case float32, float64, uint8, int32

  /// Bytes of one element.
  public var size: Int {
    switch self {
    case .float32, .int32: 4
    case .float64: 8
    case .uint8: 1
    }
  }
}
