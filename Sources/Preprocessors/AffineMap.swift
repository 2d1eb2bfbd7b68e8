import Tensors

/// Subtracts a mean and divides by a deviation: what all preprocessors that learn moments do once fitted.
///
/// The statistics have one number a feature, in the shape of an example, or one a channel, `[channels]`.
struct AffineMap: FittedPreprocessor {
  enum Grouping { case features, channels }

  let preprocessor: String
  let grouping: Grouping
  let statistics: [String: Tensor]
  private let mean: [Float]
  /// 1/deviation; nil if only the mean is subtracted.
  private let scale: [Float]?

  /// Learns from training inputs.
  init(fittedTo inputs: TrainingInputs, per grouping: Grouping, dividing: Bool, in preprocessor: String) throws {
    if grouping == .channels, inputs.shape.rank != 3 {
      throw PreprocessorError(.notImages(inputs.shape), in: preprocessor)
    }
    guard let moments = try Moments(of: inputs) else { throw PreprocessorError(.noExamples, in: preprocessor) }
    let shape: Shape
    let mean: [Double]
    let deviation: [Double]
    switch grouping {
    case .features:
      shape = inputs.shape
      mean = moments.mean
      deviation = moments.deviation
    case .channels:
      shape = [inputs.shape[0]]
      (mean, deviation) = moments.pooled(groups: inputs.shape[0])
    }
    var statistics = ["mean": Tensor(shape) { mean[$0] }]
    if dividing { statistics["deviation"] = Tensor(shape) { deviation[$0] } }
    try self.init(restoring: statistics, per: grouping, dividing: dividing, in: preprocessor)
  }

  /// The map whose statistics these are.
  init(
    restoring statistics: [String: Tensor], per grouping: Grouping, dividing: Bool, in preprocessor: String
  ) throws(PreprocessorError) {
    func statistic(_ name: String) throws(PreprocessorError) -> Tensor {
      guard let tensor = statistics[name] else {
        throw PreprocessorError(.missingStatistic(name, found: statistics.keys.sorted()), in: preprocessor)
      }
      return tensor
    }
    let mean = try statistic("mean")
    if grouping == .channels, mean.shape.rank != 1 {
      throw PreprocessorError(.wrongStatistic("mean", expected: "[channels]", found: mean.shape), in: preprocessor)
    }
    var kept = ["mean": mean]
    if dividing {
      let deviation = try statistic("deviation")
      guard deviation.shape == mean.shape else {
        throw PreprocessorError(
          .wrongStatistic("deviation", expected: "\(mean.shape)", found: deviation.shape), in: preprocessor)
      }
      kept["deviation"] = deviation
      scale = deviation.doubles.map { Float(1 / $0) }
    } else {
      scale = nil
    }
    self.statistics = kept
    self.mean = mean.floats
    self.preprocessor = preprocessor
    self.grouping = grouping
  }

  func outputShape(for input: Shape) throws -> Shape {
    switch grouping {
    case .features:
      guard let shape = statistics["mean"]?.shape, input == shape else {
        throw PreprocessorError(
          .otherShape(fitted: statistics["mean"]?.shape ?? .scalar, given: input), in: preprocessor)
      }
    case .channels:
      guard input.rank == 3 else { throw PreprocessorError(.notImages(input), in: preprocessor) }
      guard input[0] == mean.count else {
        throw PreprocessorError(.otherCount(fitted: mean.count, given: input[0]), in: preprocessor)
      }
    }
    return input
  }

  func apply(to values: inout [Float], shape: Shape) {
    let size = values.count / max(1, mean.count)
    values.withUnsafeMutableBufferPointer { values in
      switch grouping {
      case .features:
        for index in 0..<min(values.count, mean.count) { values[index] -= mean[index] }
        guard let scale else { return }
        for index in 0..<min(values.count, scale.count) { values[index] *= scale[index] }
      case .channels:
        for channel in mean.indices {
          let factor = scale?[channel] ?? 1
          for index in channel * size..<(channel + 1) * size {
            values[index] = (values[index] - mean[channel]) * factor
          }
        }
      }
    }
  }
}
