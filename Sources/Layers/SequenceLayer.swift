public import Registry
public import Tensors

/// The parts' names are their positions: `0`, `1`, …
public struct SequenceLayer: Layer {
  public static let name = "sequence"
  public static let summary = "parts one after another"
  public static let reference = "PyTorch's Sequential"

  @Parameter("the parts, in order", example: [Flatten(), Dense(10)]) public var parts: [any Transform]

  public init() {}

  public init(_ parts: [any Transform]) { self.parts = parts }

  public func callAsFunction(_ x: Value, in scope: Scope) throws(ModelError) -> Value {
    var x = x
    for (index, part) in parts.enumerated() { x = try scope.apply(part, to: x, at: "\(index)") }
    return x
  }

  public var outputRange: OutputRange? { parts.last?.outputRange }
}
