/// The sizes of a tensor's axes, outermost first; the empty shape is a scalar.
public struct Shape: Sendable, Hashable {
  public var sizes: [Int]

  public init(_ sizes: [Int]) { self.sizes = sizes }

  public static let scalar = Shape([])

  public var rank: Int { sizes.count }

  /// The product of the sizes; the greatest integer where it is more than that.
  public var elementCount: Int { sizes.reduce(1, saturatingProduct) }

  /// The most elements that a tensor of a program or of a dataset may have: 2⁴⁰, four terabytes of Float32.
  public static let greatestElementCount = 1 << 40

  /// Whether tensors may have this shape: no size is negative, and strides and element count stay within
  /// ``greatestElementCount``, so that sums and products of a few of them do not overflow.
  public var isWithinLimits: Bool {
    sizes.allSatisfy { $0 >= 0 } && sizes.reduce(1) { saturatingProduct($0, max(1, $1)) } <= Self.greatestElementCount
  }

  /// The size of an axis; negative axes count from the end.
  public subscript(axis: Int) -> Int {
    get { sizes[axis < 0 ? axis + rank : axis] }
    set { sizes[axis < 0 ? axis + rank : axis] = newValue }
  }

  /// Elements between neighbours along each axis, row-major.
  public var strides: [Int] {
    var strides = Array(repeating: 1, count: rank)
    for axis in stride(from: rank - 2, through: 0, by: -1) { strides[axis] = strides[axis + 1] * sizes[axis + 1] }
    return strides
  }

  /// This shape with the given axes at size one.
  public func reducing(_ axes: [Int]) -> Shape {
    var shape = self
    for axis in axes { shape[axis] = 1 }
    return shape
  }

  /// The shape that both broadcast to, axes aligned at the end; nil if two sizes differ and neither is one.
  public func broadcast(with other: Shape) -> Shape? {
    let rank = max(rank, other.rank)
    var sizes: [Int] = []
    for axis in 0..<rank {
      let a = axis < rank - self.rank ? 1 : self.sizes[axis - (rank - self.rank)]
      let b = axis < rank - other.rank ? 1 : other.sizes[axis - (rank - other.rank)]
      guard a == b || a == 1 || b == 1 else { return nil }
      sizes.append(a == 1 ? b : a)
    }
    return Shape(sizes)
  }
}

extension Shape: ExpressibleByArrayLiteral {
  public init(arrayLiteral sizes: Int...) { self.init(sizes) }
}

extension Shape: CustomStringConvertible {
  public var description: String { "[\(sizes.map(String.init).joined(separator: ", "))]" }
}

extension Shape: Codable {
  public init(from decoder: any Decoder) throws { self.init(try [Int](from: decoder)) }
  public func encode(to encoder: any Encoder) throws { try sizes.encode(to: encoder) }
}

/// The product, or the greatest or least integer where it is beyond.
package func saturatingProduct(_ a: Int, _ b: Int) -> Int {
  let (product, overflows) = a.multipliedReportingOverflow(by: b)
  return overflows ? (a < 0) == (b < 0) ? .max : .min : product
}

/// The sum, or the greatest or least integer where it is beyond.
package func saturatingSum(_ a: Int, _ b: Int) -> Int {
  let (sum, overflows) = a.addingReportingOverflow(b)
  return overflows ? a < 0 ? .min : .max : sum
}
