/// What the numbers of a prediction are.
public enum OutputMeaning: String, Sendable {
  /// From 0 to 1: of each class, or of each output by itself.
  case probabilities
  /// One a class: the greatest is the class's, and their size says nothing more.
  case scores
  /// In the unit of the targets.
  case numbers
}

/// Output that can be read as probabilities as it is: what predicts with a model does not apply softmax or the sigmoid
/// a second time.
public enum OutputRange: Sendable, Equatable {
  /// Each number is from 0 to 1.
  case unitInterval
  /// From 0 to 1, and along axis 1 they sum to one.
  case distribution
}
