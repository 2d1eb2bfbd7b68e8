/// A named sequence of points, which a chart joins in their order.
public struct Series: Sendable, Equatable {
  public struct Point: Sendable, Equatable {
    public var x: Double
    public var y: Double

    public init(_ x: Double, _ y: Double) {
      self.x = x
      self.y = y
    }
  }

  public var name: String
  public var points: [Point]

  public init(_ name: String, points: [Point]) {
    self.name = name
    self.points = points
  }

  /// Values at 1, 2, 3, …
  public init(_ name: String, values: [Double]) {
    self.init(name, points: values.enumerated().map { Point(Double($0 + 1), $1) })
  }
}
