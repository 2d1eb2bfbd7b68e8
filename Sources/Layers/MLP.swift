import Activations
public import Registry
public import Tensors

/// Names its parts as the sequence does that it is: `1.weight` is the first dense layer's.
public struct MLP: Layer {
  public static let name = "mlp"
  public static let summary = "flatten, then dense layers with an activation after each but the last"
  public static let reference = "Rumelhart, Hinton, Williams 1986, Learning representations by back-propagating errors"

  @Parameter("units of each hidden layer", each: 1...greatestSize) public var hidden: [Int] = [128]
  @Parameter("outputs", in: 1...greatestSize) public var classes = 10
  @Parameter("what follows each hidden layer", kind: .transform, component: { $0 })
  public var activation: any Transform = ReLU()

  public init() {}

  public func callAsFunction(_ x: Value, in scope: Scope) throws(ModelError) -> Value {
    let parts = [Flatten()] + hidden.flatMap { [Dense($0), activation] } + [Dense(classes)]
    return try SequenceLayer(parts)(x, in: scope)
  }
}
