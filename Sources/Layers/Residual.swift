public import Registry
public import Tensors

/// The body's parts are named `body.0`, `body.1`, …, the shortcut `shortcut`.
public struct Residual: Layer {
  public static let name = "residual"
  public static let summary = "the input, or its shortcut, is added to what the parts make of it"
  public static let formula = "y = body(x) + shortcut(x), the shortcut x itself unless given"
  public static let reference = "He et al. 2016, Deep residual learning for image recognition"

  @Parameter("the parts of the body, in order", example: [BatchNorm()]) public var body: [any Transform]
  @Parameter("what the input passes on its way around the body; without it, it stays") public var shortcut:
    (any Transform)? = nil

  public init() {}

  public func callAsFunction(_ x: Value, in scope: Scope) throws(ModelError) -> Value {
    let y = try SequenceLayer(body)(x, in: scope.child("body"))
    let around = if let shortcut { try scope.apply(shortcut, to: x, at: "shortcut") } else { x }
    guard y.shape == around.shape else {
      let path = shortcut == nil ? "the input is" : "the shortcut makes"
      throw scope.error(
        "the body makes \(y.shape), \(path) \(around.shape), and only equal shapes can be added\(remedy(x.shape, y.shape))"
      )
    }
    return y + around
  }

  /// The shortcut that would fit, where one does.
  private func remedy(_ input: Shape, _ output: Shape) -> String {
    switch (input.rank, output.rank) {
    case (2, 2): return "; add shortcut: dense(\(output[1]))"
    case (4, 4) where output[2] > 0:
      let stride = (input[2] + output[2] - 1) / output[2]
      let isReached = (input[2] - 1) / stride + 1 == output[2] && (input[3] - 1) / stride + 1 == output[3]
      return isReached ? "; add shortcut: conv(\(output[1]), kernel: 1, stride: \(stride))" : ""
    default: return ""
    }
  }
}
