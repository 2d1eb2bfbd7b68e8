import Registry
public import Tensors

public struct SELU: Activation {
  public static let name = "selu"
  public static let summary = "λ·elu(x, α) with the published λ and α, which keep mean 0 and variance 1"
  public static let reference = "Klambauer et al. 2017, Self-normalizing neural networks"

  public init() {}

  public func callAsFunction(_ x: Value) -> Value {
    let scale = 1.0507009873554804934193349852946
    let alpha = 1.6732632423543772848170429916717
    return scale * (max(x, 0) + alpha * min(x, 0).exponentialMinusOne())
  }
}
