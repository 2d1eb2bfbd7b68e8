/// What may become of a recipe's key when a run is resumed.
enum Resumption: Sendable, Equatable {
  /// Another value holds from there on.
  case free
  /// The arguments may change but not which parts there are: what they keep from step to step is theirs.
  case sameParts
  /// Another value would alter what was trained before: that asks for a fork.
  case fixed
  /// It says nothing of the training; this command changes it.
  case otherCommand(String)
}
