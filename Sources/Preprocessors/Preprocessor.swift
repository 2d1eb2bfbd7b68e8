public import Registry
public import Tensors

/// A change of all inputs that is learned from the training examples alone.
///
/// Laws: what is fitted and what is restored from its statistics change inputs to the same bits; fitting twice gives the
/// same statistics.
public protocol Preprocessor: Component {
  /// Learns from training inputs. Throws ``PreprocessorError`` if they do not fit, and what reading them throws.
  func fitted(to training: TrainingInputs) throws -> any FittedPreprocessor
  /// The fitted preprocessor whose statistics these are. Throws ``PreprocessorError`` if they are not.
  func restored(from statistics: [String: Tensor]) throws -> any FittedPreprocessor
}

/// A preprocessor that knows what it was to learn.
public protocol FittedPreprocessor: Sendable {
  /// What was learned; part of every checkpoint.
  var statistics: [String: Tensor] { get }
  /// The shape of one example after this, from that before. Throws ``PreprocessorError`` if examples of `input` do not fit.
  func outputShape(for input: Shape) throws -> Shape
  /// Changes one example of a shape that ``outputShape(for:)`` takes.
  func apply(to values: inout [Float], shape: Shape)
}

extension Preprocessor {
  /// Learns from the inputs of `training` as they are.
  public func fitted(to training: Examples) throws -> any FittedPreprocessor {
    try fitted(to: TrainingInputs(training))
  }
}

extension Kind where Part == any Preprocessor {
  public static var preprocessor: Self { Kind("preprocessor", example: "standardize", template: .preprocessor) }
}

extension Registry {
  public mutating func register(_ part: (some Preprocessor).Type) { add(part, as: .preprocessor) }
}
