/// The figures that the epochs of a run end with, known before its first step.
public struct RunFigures: Sendable {
  /// By full name: `train.loss`, `validation.accuracy`.
  public let all: [FigureDeclaration]
  /// The one that says which checkpoint is best.
  public let monitored: FigureDeclaration

  /// The figure of a name; of an empty one, the figure that the run monitors.
  ///
  /// - Parameter asker: the part that watches the figure, for the message.
  /// - Throws: ``OrchestratorError/unknownFigure(_:asker:existing:)``.
  public func figure(_ name: String, for asker: String) throws -> FigureDeclaration {
    if name.isEmpty { return monitored }
    guard let figure = all.first(where: { $0.name == name }) else {
      throw OrchestratorError.unknownFigure(name, asker: asker, existing: all.map(\.name))
    }
    return figure
  }
}

extension RunFigures {
  init(_ pipeline: Pipeline) throws {
    let splits: [Split] = pipeline.data.validation == nil ? [.train] : [.train, .validation]
    let figures = pipeline.parts.splitFigures
    for (index, figure) in figures.enumerated() where figures[..<index].contains(where: { $0.name == figure.name }) {
      throw OrchestratorError.repeatedFigure(figure.name)
    }
    all = splits.flatMap { split in
      (split == .train ? pipeline.parts.stepFigures : figures).map { $0.of(split) }
    }
    monitored = splits.count > 1 ? figures[min(1, figures.count - 1)].of(.validation) : figures[0].of(.train)
  }
}
