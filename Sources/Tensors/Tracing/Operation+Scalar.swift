import Foundation

extension Operation.Unary {
  /// The definition, on one number.
  public func result(_ x: Double) -> Double {
    switch self {
    case .negate: -x
    case .absolute: abs(x)
    case .sign: x > 0 ? 1 : x < 0 ? -1 : x
    case .floor: x.rounded(.down)
    case .squareRoot: x.squareRoot()
    case .reciprocal: 1 / x
    case .exponential: exp(x)
    case .logarithm: log(x)
    case .exponentialMinusOne: expm1(x)
    case .logarithmOnePlus: log1p(x)
    case .tanh: Foundation.tanh(x)
    case .sigmoid: 1 / (1 + exp(-x))
    case .errorFunction: erf(x)
    case .sine: sin(x)
    case .cosine: cos(x)
    }
  }
}

extension Operation.Binary {
  /// The definition, on two numbers.
  public func result(_ a: Double, _ b: Double) -> Double {
    switch self {
    case .add: a + b
    case .subtract: a - b
    case .multiply: a * b
    case .divide: a / b
    case .maximum: a.isNaN || b.isNaN ? .nan : a > b ? a : b
    case .minimum: a.isNaN || b.isNaN ? .nan : a < b ? a : b
    case .power: pow(a, b)
    case .less: a < b ? 1 : 0
    case .equal: a == b ? 1 : 0
    }
  }
}
