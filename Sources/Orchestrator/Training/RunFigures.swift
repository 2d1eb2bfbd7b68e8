import Registry

/// The figures that the epochs of a run end with, known before its first step.
public struct RunFigures: Sendable {
  /// By full name: `train.loss`, `validation.accuracy`.
  public let all: [FigureDeclaration]
  /// The one that says which checkpoint is best.
  public let monitored: FigureDeclaration

  /// The figure of a name; of an empty one, the figure that the run monitors.
  ///
  /// - Parameter asker: the part that watches the figure, for the message.
  /// - Throws: ``OrchestratorError/unknownFigure(_:asker:existing:)``;
  ///   ``OrchestratorError/undirectedFigure(_:asker:)`` for one of which neither more nor less is better.
  public func figure(_ name: String, for asker: String) throws -> FigureDeclaration {
    name.isEmpty ? monitored : try all.figure(name, for: asker)
  }
}

extension RunFigures {
  /// - Parameter monitor: a full name; empty for the first figure of the metrics that has a direction, else the loss, of
  ///   the validation examples if there are any.
  init(_ parts: Parts, hasValidation: Bool, monitor: String) throws {
    let figures = parts.splitFigures
    for (index, figure) in figures.enumerated() where figures[..<index].contains(where: { $0.name == figure.name }) {
      throw OrchestratorError.repeatedFigure(figure.name)
    }
    let ofTraining = parts.stepFigures.map { $0.of(.train) }
    let ofValidation = hasValidation ? figures.map { $0.of(.validation) } : []
    all = ofTraining + ofValidation
    let own = hasValidation ? ofValidation : ofTraining
    monitored =
      monitor.isEmpty
      ? own.dropFirst().first { $0.direction != .neither } ?? own[0] : try all.figure(monitor, for: "monitor")
  }
}

extension [FigureDeclaration] {
  fileprivate func figure(_ name: String, for asker: String) throws -> FigureDeclaration {
    guard let figure = first(where: { $0.name == name }) else {
      throw OrchestratorError.unknownFigure(name, asker: asker, existing: map(\.name))
    }
    guard figure.direction != .neither else { throw OrchestratorError.undirectedFigure(name, asker: asker) }
    return figure
  }
}
