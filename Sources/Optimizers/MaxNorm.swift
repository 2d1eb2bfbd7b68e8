import Registry
public import Tensors

/// `[outputs, inputs, …]`, kept: the norm is taken over the weights of one output, a unit's or a filter's.
public struct MaxNorm: Constraint {
  public static let name = "max-norm"
  public static let summary = "the weights of an output scaled down where their norm exceeds the limit"
  public static let formula = "w ← w·min(1, limit/‖w‖₂), ‖w‖₂ over the weights of one output"
  public static let reference = "Srivastava et al. 2014, Dropout, section 5.1; torch.renorm"

  @Parameter("greatest norm of the weights of one output", in: .above(0)) public var limit = 3.0

  public init() {}

  public func callAsFunction(_ parameter: Value) -> Value {
    let norm = parameter.squared().sum(over: parameter.axesOfOneOutput).squareRoot()
    // A norm within the limit divides by itself: the factor is exactly one, with no rounding of weights that are allowed.
    let bounded = min(norm, limit)
    let isZero = norm .== norm.trace.constant(0)
    return parameter * isZero.select(norm.trace.constant(1), bounded / norm)
  }
}
