/// A handle to a node of a trace: what formulas compute with.
///
/// Operators broadcast as NumPy does, axes aligned at the end. What is written is what is traced: x + 0 is an addition, and
/// planning finds out that it does nothing. A mistake is kept in the trace, and the result stands in until the trace is
/// checked.
public struct Value {
  public let trace: Trace
  package let id: Graph.ID
  public let shape: Shape

  func unary(_ unary: Operation.Unary) -> Value { trace.insert(.unary(unary), [id], shape) }

  func binary(_ binary: Operation.Binary, _ other: Value) -> Value {
    guard let shape = shape.broadcast(with: other.shape) else {
      trace.report(ShapeError("cannot \(binary.rawValue) shapes \(self.shape) and \(other.shape)"))
      return self
    }
    return trace.insert(.binary(binary), [stretched(to: shape).id, other.stretched(to: shape).id], shape)
  }

  /// This as an operand of an elementwise primitive, which takes operands of its own shape alone.
  private func stretched(to shape: Shape) -> Value { self.shape == shape ? self : broadcast(to: shape) }
}

// MARK: - Operators

extension Value {
  public static func + (a: Value, b: Value) -> Value { a.binary(.add, b) }
  public static func - (a: Value, b: Value) -> Value { a.binary(.subtract, b) }
  public static func * (a: Value, b: Value) -> Value { a.binary(.multiply, b) }
  public static func / (a: Value, b: Value) -> Value { a.binary(.divide, b) }
  public static prefix func - (a: Value) -> Value { a.unary(.negate) }

  public static func + (a: Value, b: Double) -> Value { a + a.trace.constant(b) }
  public static func - (a: Value, b: Double) -> Value { a - a.trace.constant(b) }
  public static func * (a: Value, b: Double) -> Value { a * a.trace.constant(b) }
  public static func / (a: Value, b: Double) -> Value { a / a.trace.constant(b) }
  public static func + (a: Double, b: Value) -> Value { b.trace.constant(a) + b }
  public static func - (a: Double, b: Value) -> Value { b.trace.constant(a) - b }
  public static func * (a: Double, b: Value) -> Value { b.trace.constant(a) * b }
  public static func / (a: Double, b: Value) -> Value { b.trace.constant(a) / b }

  /// 1 where the relation holds, else 0; no gradient passes.
  public static func .< (a: Value, b: Value) -> Value { a.binary(.less, b) }
  public static func .< (a: Value, b: Double) -> Value { a .< a.trace.constant(b) }
  public static func .< (a: Double, b: Value) -> Value { b.trace.constant(a) .< b }
  public static func .== (a: Value, b: Value) -> Value { a.binary(.equal, b) }
}

/// The greater of both, elementwise; NaN if either is. At a tie the gradient goes to the second, so that
/// `max(x, 0)` has gradient 0 at 0.
public func max(_ a: Value, _ b: Value) -> Value { a.binary(.maximum, b) }
public func max(_ a: Value, _ b: Double) -> Value { max(a, a.trace.constant(b)) }

/// The smaller of both, elementwise; NaN if either is. At a tie the gradient goes to the first, so that
/// `max(x, 0) + slope · min(x, 0)` has gradient `slope` at 0.
public func min(_ a: Value, _ b: Value) -> Value { a.binary(.minimum, b) }
public func min(_ a: Value, _ b: Double) -> Value { min(a, a.trace.constant(b)) }

// MARK: - Functions

extension Value {
  public func absolute() -> Value { unary(.absolute) }
  /// −1, 0 or 1.
  public func sign() -> Value { unary(.sign) }
  public func floor() -> Value { unary(.floor) }
  public func squareRoot() -> Value { unary(.squareRoot) }
  public func reciprocal() -> Value { unary(.reciprocal) }
  public func exponential() -> Value { unary(.exponential) }
  /// eˣ − 1, exact near zero.
  public func exponentialMinusOne() -> Value { unary(.exponentialMinusOne) }
  public func logarithm() -> Value { unary(.logarithm) }
  /// log(1 + x), exact near zero.
  public func logarithmOnePlus() -> Value { unary(.logarithmOnePlus) }
  public func tanh() -> Value { unary(.tanh) }
  /// 1/(1 + e⁻ˣ).
  public func sigmoid() -> Value { unary(.sigmoid) }
  /// The Gauss error function.
  public func errorFunction() -> Value { unary(.errorFunction) }
  public func sine() -> Value { unary(.sine) }
  public func cosine() -> Value { unary(.cosine) }
  public func squared() -> Value { self * self }
  public func raised(to exponent: Value) -> Value { binary(.power, exponent) }
  public func raised(to exponent: Double) -> Value { binary(.power, trace.constant(exponent)) }

  /// Where this is not zero `a`, elsewhere `b`.
  public func select(_ a: Value, _ b: Value) -> Value {
    guard let pair = a.shape.broadcast(with: b.shape), let shape = pair.broadcast(with: shape) else {
      trace.report(ShapeError("cannot select by \(self.shape) between \(a.shape) and \(b.shape)"))
      return a
    }
    return trace.insert(
      .select, [stretched(to: shape).id, a.stretched(to: shape).id, b.stretched(to: shape).id], shape)
  }

  /// The value, as a constant to differentiation.
  public func detached() -> Value { trace.insert(.detach, [id], shape) }
}
