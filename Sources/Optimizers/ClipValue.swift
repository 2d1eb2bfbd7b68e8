import Registry
public import Tensors

public struct ClipValue: GradientTransform {
  public static let name = "clip-value"
  public static let summary = "every number of a gradient brought into −limit…limit"
  public static let formula = "g ← min(max(g, −limit), limit)"
  public static let reference = "Mikolov 2012, Statistical language models, section 3.3; PyTorch's clip_grad_value_"

  @Parameter("greatest magnitude", in: .above(0)) public var limit = 1.0

  public init() {}

  public func callAsFunction(_ gradients: [ParameterGradient]) -> [Value] {
    gradients.map { min(max($0.value, -limit), limit) }
  }
}
