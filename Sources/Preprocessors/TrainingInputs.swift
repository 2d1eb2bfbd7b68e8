public import Tensors

/// The training inputs as a preprocessor sees them: one after another, changed by the preprocessors before it.
///
/// Nothing but one example is held as floats at a time.
public struct TrainingInputs: Sendable {
  private let inputs: any ExampleSource
  private let inputShape: Shape
  private let earlier: FittedPipeline?
  /// The shape of one example.
  public let shape: Shape

  /// The inputs as they are.
  public init(_ examples: Examples) {
    inputs = examples.inputs
    inputShape = examples.inputShape
    earlier = nil
    shape = inputShape
  }

  /// The inputs after `earlier`.
  init(_ examples: Examples, after earlier: FittedPipeline) throws {
    inputs = examples.inputs
    inputShape = examples.inputShape
    self.earlier = earlier
    shape = try earlier.outputShape(for: inputShape)
  }

  public var count: Int { inputs.shape[0] }

  /// Calls `body` with each example in order. Throws what `body` or the source of the examples throws.
  public func forEach(_ body: ([Float]) throws -> Void) throws {
    var values: [Float] = []
    for index in 0..<count {
      try inputs.copyRow(index, into: &values)
      earlier?.apply(to: &values, shape: inputShape)
      try body(values)
    }
  }
}
