public import Tensors

/// The training inputs as a preprocessor sees them: one after another, changed by the preprocessors before it.
///
/// Nothing but one example is held as floats at a time.
public struct TrainingInputs: Sendable {
  private let inputs: Tensor
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

  /// Calls `body` with each example in order.
  public func forEach(_ body: ([Float]) throws -> Void) rethrows {
    var values: [Float] = []
    for index in 0..<count {
      inputs.copyRow(index, into: &values)
      earlier?.apply(to: &values, shape: inputShape)
      try body(values)
    }
  }
}

extension Tensor {
  /// Replaces `values` by row `index` of the outermost axis, as floats, in the memory that they have.
  public func copyRow(_ index: Int, into values: inout [Float]) {
    let count = shape.sizes.dropFirst().reduce(1, *)
    if values.count != count { values = Array(repeating: 0, count: count) }
    func copy<Scalar>(_ rows: [Scalar], _ convert: (Scalar) -> Float) {
      rows.withUnsafeBufferPointer { rows in
        values.withUnsafeMutableBufferPointer { values in
          let row = UnsafeBufferPointer(rebasing: rows[index * count..<(index + 1) * count])
          for position in 0..<count { values[position] = convert(row[position]) }
        }
      }
    }
    switch elements {
    case .float32(let row): copy(row) { $0 }
    case .float64(let row): copy(row, Float.init)
    case .uint8(let row): copy(row, Float.init)
    case .int32(let row): copy(row, Float.init)
    }
  }
}
