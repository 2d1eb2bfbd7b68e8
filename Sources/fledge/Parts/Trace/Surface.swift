import ArgumentParser
import Tensors

/// A function of two numbers to go down on.
enum Surface: String, CaseIterable, ExpressibleByArgument {
  /// x² + 10y²
  case quadratic
  /// (1 − x)² + 100(y − x²)² (Rosenbrock 1960)
  case rosenbrock

  /// Where paths start if the user does not say.
  var start: [Double] {
    switch self {
    case .quadratic: [4, 2]
    case .rosenbrock: [-1.2, 1]
    }
  }

  /// The height at a point `[2]`, a scalar.
  func height(at point: Value) -> Value {
    let x = point.slice(from: [0], sizes: [1]).reshaped(.scalar)
    let y = point.slice(from: [1], sizes: [1]).reshaped(.scalar)
    switch self {
    case .quadratic: return x.squared() + 10 * y.squared()
    case .rosenbrock: return (1 - x).squared() + 100 * (y - x.squared()).squared()
    }
  }
}
