import Preprocessors
import Tensors

/// The fitted preprocessors with the shapes before and after them.
struct Preprocessing: Sendable {
  let pipeline: FittedPipeline
  /// Of one example.
  let inputShape: Shape
  let outputShape: Shape

  init(fitting preprocessors: [any Preprocessor], to training: Examples) throws {
    inputShape = training.inputShape
    pipeline = try FittedPipeline(fitting: preprocessors, to: training)
    outputShape = try pipeline.outputShape(for: inputShape)
  }

  init(restoring preprocessors: [any Preprocessor], _ known: KnownPreprocessing) throws {
    inputShape = known.inputShape
    pipeline = try FittedPipeline(
      restoring: preprocessors, from: known.statistics, inputShape: known.inputShape)
    outputShape = try pipeline.outputShape(for: inputShape)
  }
}

/// What a checkpoint knows of the preprocessors.
struct KnownPreprocessing: Sendable {
  /// Named by position: `1.mean`.
  let statistics: [String: Tensor]
  let inputShape: Shape
}
