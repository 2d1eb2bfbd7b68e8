public import Registry
public import Tensors

public struct GELU: Activation {
  public enum Approximation: String, ParameterChoice { case none, tanh }

  public static let name = "gelu"
  public static let summary = "x·Φ(x), Φ the distribution function of the standard normal"
  public static let formula = "x·(1 + erf(x/√2))/2; with tanh x·(1 + tanh(√(2/π)·(x + 0.044715·x³)))/2"
  public static let reference = "Hendrycks & Gimpel 2016, Gaussian error linear units"

  @Parameter("none for Φ itself, tanh for the cheaper formula of the paper") public var approximate = Approximation.none

  public init() {}

  public func callAsFunction(_ x: Value) -> Value {
    switch approximate {
    case .none: 0.5 * x * (1 + (x * 0.5.squareRoot()).errorFunction())
    case .tanh: 0.5 * x * (1 + ((2 / Double.pi).squareRoot() * (x + 0.044715 * (x * x * x))).tanh())
    }
  }
}
