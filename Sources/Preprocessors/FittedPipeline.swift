public import Tensors

/// Several fitted preprocessors, one after another, for examples of one shape.
public struct FittedPipeline: FittedPreprocessor {
  private let stages: [any FittedPreprocessor]
  /// The shape before each stage, and after the last.
  private let shapes: [Shape]

  /// Fits each preprocessor on what the earlier ones make of the training examples.
  ///
  /// - Complexity: One pass over the examples a preprocessor that learns, one example in memory as floats.
  public init(fitting preprocessors: [any Preprocessor], to training: Examples) throws {
    var pipeline = FittedPipeline(inputShape: training.inputShape)
    for preprocessor in preprocessors {
      pipeline = try pipeline.appending(preprocessor.fitted(to: TrainingInputs(training, after: pipeline)))
    }
    self = pipeline
  }

  /// The pipeline that `preprocessors` once made and whose statistics these are.
  public init(
    restoring preprocessors: [any Preprocessor], from statistics: [String: Tensor], inputShape: Shape
  ) throws {
    var pipeline = FittedPipeline(inputShape: inputShape)
    for (index, preprocessor) in preprocessors.enumerated() {
      let prefix = "\(index)."
      let own = statistics.filter { $0.key.hasPrefix(prefix) }.map { ($0.key.dropFirst(prefix.count), $0.value) }
      let stage = try preprocessor.restored(
        from: Dictionary(own.map { (String($0), $1) }, uniquingKeysWith: { first, _ in first }))
      pipeline = try pipeline.appending(stage)
    }
    self = pipeline
  }

  private init(inputShape: Shape) {
    stages = []
    shapes = [inputShape]
  }

  private init(stages: [any FittedPreprocessor], shapes: [Shape]) {
    self.stages = stages
    self.shapes = shapes
  }

  private func appending(_ stage: any FittedPreprocessor) throws -> FittedPipeline {
    FittedPipeline(stages: stages + [stage], shapes: shapes + [try stage.outputShape(for: shapes[stages.count])])
  }

  /// Whether there is nothing to apply.
  public var isEmpty: Bool { stages.isEmpty }

  /// The statistics of all stages, named by the stage's position: `1.mean`.
  public var statistics: [String: Tensor] {
    var all: [String: Tensor] = [:]
    for (index, stage) in stages.enumerated() {
      for (name, tensor) in stage.statistics { all["\(index).\(name)"] = tensor }
    }
    return all
  }

  public func outputShape(for input: Shape) throws(PreprocessorError) -> Shape {
    guard input == shapes[0] else {
      throw PreprocessorError(.otherShape(fitted: shapes[0], given: input), in: "preprocessors")
    }
    return shapes[stages.count]
  }

  public func apply(to values: inout [Float], shape: Shape) {
    for (stage, shape) in zip(stages, shapes) { stage.apply(to: &values, shape: shape) }
  }
}
