/// A handle to a node of a trace: what formulas compute with.
///
/// Operators broadcast as NumPy does, axes aligned at the end. A mistake is kept in the trace, and the result stands in
/// until the trace is checked.
public struct Value {
  public let trace: Trace
  package let id: Graph.ID
  public let shape: Shape

  /// The number, if the value is the same constant everywhere.
  var constant: Double? {
    switch trace.graph[id].operation {
    case .constant(let number): number
    case .broadcast, .reshape: trace.value(trace.graph[id].operands[0]).constant
    default: nil
    }
  }

  func unary(_ unary: Operation.Unary) -> Value {
    if let constant { return trace.constant(unary.result(constant)).broadcast(to: shape) }
    return trace.insert(.unary(unary), [id], shape)
  }

  func binary(_ binary: Operation.Binary, _ other: Value) -> Value {
    guard let shape = shape.broadcast(with: other.shape) else {
      trace.report(ShapeError("cannot \(binary.rawValue) shapes \(self.shape) and \(other.shape)"))
      return self
    }
    if let simpler = simplified(binary, other) { return simpler.broadcast(to: shape) }
    return trace.insert(.binary(binary), [broadcast(to: shape).id, other.broadcast(to: shape).id], shape)
  }

  /// The result where it needs no node of its own: of constants, and of neutral elements.
  private func simplified(_ binary: Operation.Binary, _ other: Value) -> Value? {
    switch (binary, constant, other.constant) {
    case (_, let a?, let b?): trace.constant(binary.result(a, b))
    case (.add, 0, _), (.multiply, 1, _): other
    case (.add, _, 0), (.subtract, _, 0), (.multiply, _, 1), (.divide, _, 1), (.power, _, 1): self
    case (.subtract, 0, _), (.multiply, -1, _): other.unary(.negate)
    case (.multiply, _, -1): unary(.negate)
    default: nil
    }
  }
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
  public func raised(to exponent: Double) -> Value {
    exponent == 2 ? squared() : binary(.power, trace.constant(exponent))
  }

  /// Where this is not zero `a`, elsewhere `b`.
  public func select(_ a: Value, _ b: Value) -> Value {
    guard let pair = a.shape.broadcast(with: b.shape), let shape = pair.broadcast(with: shape) else {
      trace.report(ShapeError("cannot select by \(self.shape) between \(a.shape) and \(b.shape)"))
      return a
    }
    return trace.insert(
      .select, [broadcast(to: shape).id, a.broadcast(to: shape).id, b.broadcast(to: shape).id], shape)
  }

  /// The value, as a constant to differentiation.
  public func detached() -> Value { constant == nil ? trace.insert(.detach, [id], shape) : self }
}
