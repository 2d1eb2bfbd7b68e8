public import Tensors

/// What is wrong with inputs or statistics, as data; `description` makes the sentence.
public struct PreprocessorError: Error, Sendable, Equatable {
  public enum Problem: Sendable, Equatable {
    case noExamples
    case notImages(Shape)
    /// Fitted on examples of one shape, given another.
    case otherShape(fitted: Shape, given: Shape)
    case missingStatistic(String, found: [String])
    case wrongStatistic(String, expected: String, found: Shape)
    case otherCount(fitted: Int, given: Int)
  }

  /// The preprocessor's registered name.
  public let preprocessor: String
  public let problem: Problem

  public init(_ problem: Problem, in preprocessor: String) {
    self.problem = problem
    self.preprocessor = preprocessor
  }
}

extension PreprocessorError: CustomStringConvertible {
  public var description: String {
    switch problem {
    case .noExamples:
      "\(preprocessor): there are no training examples to learn from"
    case .notImages(let shape):
      "\(preprocessor): expected images [channels, height, width], got examples of shape \(shape); "
        + "for rows of features use standardize"
    case .otherShape(let fitted, let given):
      "\(preprocessor): was fitted on examples of shape \(fitted), got \(given)"
    case .missingStatistic(let name, let found):
      "\(preprocessor): the stored statistics have no '\(name)'; they have "
        + (found.isEmpty ? "none" : found.joined(separator: ", "))
    case .wrongStatistic(let name, let expected, let found):
      "\(preprocessor): the stored statistic '\(name)' has shape \(found), expected \(expected)"
    case .otherCount(let fitted, let given):
      "\(preprocessor): was fitted on images of \(fitted) channels, got \(given)"
    }
  }
}
