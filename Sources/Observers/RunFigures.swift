import Registry

/// The figures that the epochs of a run end with, known before its first step.
public struct RunFigures: Sendable {
  /// By full name: `train.loss`, `validation.accuracy`.
  public let all: [FigureDeclaration]
  /// The one that says which checkpoint is best.
  public let monitored: FigureDeclaration

  public init(_ all: [FigureDeclaration], monitored: FigureDeclaration) {
    self.all = all
    self.monitored = monitored
  }

  /// The figure of a name; of an empty one, the figure that the run monitors.
  ///
  /// - Parameters:
  ///   - name: a full name, `validation.loss`, or empty.
  ///   - asker: the part that watches the figure, for the message.
  /// - Returns: its full name and direction.
  /// - Throws: ``FigureError/unknown(_:asker:existing:)``; ``FigureError/undirected(_:asker:)`` for one of which
  ///   neither more nor less is better.
  public func figure(_ name: String, for asker: String) throws(FigureError) -> FigureDeclaration {
    name.isEmpty ? monitored : try all.figure(name, for: asker)
  }
}

extension [FigureDeclaration] {
  /// The figure of a full name, of which more or less is better.
  public func figure(_ name: String, for asker: String) throws(FigureError) -> FigureDeclaration {
    guard let figure = first(where: { $0.name == name }) else {
      throw .unknown(name, asker: asker, existing: map(\.name))
    }
    guard figure.direction != .neither else { throw .undirected(name, asker: asker) }
    return figure
  }
}

/// A figure that a part watches, and that it cannot.
public enum FigureError: Error, Sendable, Equatable {
  /// The run does not have it.
  case unknown(String, asker: String, existing: [String])
  /// Neither more nor less of it is better.
  case undirected(String, asker: String)
}

extension FigureError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .undirected(let name, let asker):
      "\(asker) watches '\(name)', of which neither more nor less is better; name another figure"
    case .unknown(let name, let asker, let existing):
      "\(asker) watches '\(name)', which this run does not have"
        + (nearest(to: name, among: existing).map { "; did you mean '\($0)'?" } ?? "")
        + "\n  figures: \(existing.joined(separator: ", "))"
    }
  }
}
