public import Registry

/// A part that watches the training of the runs whose recipe names it.
///
/// Laws, each a check in `Conformance`: an observer watches a run whatever its figures are, numbers or none; the same events
/// give the same decisions; one that is given another's state decides as that one would have.
public protocol Observer: Component {
  /// The watcher of one run. Throws if it cannot watch a run with these figures: ``FigureError`` for one that the run does
  /// not have.
  func makeObserver(figures: RunFigures) throws -> any TrainingObserver
}

extension Kind where Part == any Observer {
  public static var observer: Self { Kind("observer", example: "early-stopping", template: .observer) }
}

extension Registry {
  public mutating func register(_ part: (some Observer).Type) { add(part, as: .observer) }
}
