public import Registry

/// A named number.
public struct Figure: Sendable, Hashable, Codable {
  public let name: String
  public let value: Double
  public let direction: MetricDirection

  public init(_ name: String, _ value: Double, _ direction: MetricDirection) {
    self.name = name
    self.value = value
    self.direction = direction
  }

  public init(_ declaration: FigureDeclaration, _ value: Double) {
    self.init(declaration.name, value, declaration.direction)
  }
}

/// A figure that a run will have.
public struct FigureDeclaration: Sendable, Hashable, Codable {
  public let name: String
  public let direction: MetricDirection

  public init(_ name: String, _ direction: MetricDirection) {
    self.name = name
    self.direction = direction
  }

  /// That of every run and every split.
  public static let loss = FigureDeclaration("loss", .lower)

  /// What stands in a report of one split as the run's figures call it: `validation.loss`.
  public func of(_ split: Split) -> FigureDeclaration { FigureDeclaration("\(split.rawValue).\(name)", direction) }
}
