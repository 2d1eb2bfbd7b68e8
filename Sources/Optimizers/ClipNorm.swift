import Registry
public import Tensors

/// The norm is that of all gradients together, so that the direction of the step stays.
public struct ClipNorm: GradientTransform {
  public static let name = "clip-norm"
  public static let summary = "all gradients scaled down together where their common norm exceeds the limit"
  public static let formula = "g ← g·min(1, limit/(‖g‖₂ + 1e-6)), ‖g‖₂ over all gradients"
  public static let reference =
    "Pascanu, Mikolov, Bengio 2013, On the difficulty of training recurrent neural networks; PyTorch's clip_grad_norm_"

  @Parameter("greatest norm", in: .above(0)) public var limit = 1.0

  public init() {}

  public func callAsFunction(_ gradients: [ParameterGradient]) -> [Value] {
    guard let first = gradients.first else { return [] }
    let squares = gradients.dropFirst().reduce(first.value.squared().total()) { $0 + $1.value.squared().total() }
    let factor = min(limit / (squares.squareRoot() + 1e-6), 1)
    return gradients.map { $0.value * factor }
  }
}
