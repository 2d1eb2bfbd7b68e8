public import Registry
public import Tensors

/// The parts of the second round are named `1.0`, `1.1`, …: each round has parameters of its own.
public struct Repeat: Layer {
  public static let name = "repeat"
  public static let summary = "the same parts several times over, each time with their own parameters"
  public static let reference = "He et al. 2016, Deep residual learning for image recognition, table 1"

  @Parameter("how often", in: .above(0, through: 1000), example: 2) public var count: Int
  @Parameter("the parts of one round, in order", example: [Dense(10)]) public var parts: [any Transform]

  public init() {}

  public func callAsFunction(_ x: Value, in scope: Scope) throws(ModelError) -> Value {
    var x = x
    for round in 0..<count { x = try scope.apply(SequenceLayer(parts), to: x, at: "\(round)") }
    return x
  }

  public var outputRange: OutputRange? { parts.last?.outputRange }
}
