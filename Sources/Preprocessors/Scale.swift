import Registry
public import Tensors

public struct Scale: Preprocessor, DataDefault {
  public static let name = "scale"
  public static let summary = "every value divided by the same number"
  public static let formula = "y = x/divisor"
  public static let reference = "LeCun et al. 1998, Efficient backprop, section 4.3"

  @Parameter("what to divide by; 255 brings bytes into 0…1", in: 1e-6...1e6) public var divisor = 255.0

  public init() {}

  public func fitted(to training: TrainingInputs) throws -> any FittedPreprocessor { Division(divisor: Float(divisor)) }

  public func restored(from statistics: [String: Tensor]) throws(PreprocessorError) -> any FittedPreprocessor {
    Division(divisor: Float(divisor))
  }

  public static func suits(_ data: DataOutline) -> Bool { data.inputType == .uint8 }
}

private struct Division: FittedPreprocessor {
  let divisor: Float

  var statistics: [String: Tensor] { [:] }

  func outputShape(for input: Shape) throws -> Shape { input }

  func apply(to values: inout [Float], shape: Shape) {
    values.withUnsafeMutableBufferPointer { values in
      for index in values.indices { values[index] /= divisor }
    }
  }
}
