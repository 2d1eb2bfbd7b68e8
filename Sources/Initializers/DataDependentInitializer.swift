public import Tensors

/// An initializer that looks at the data: once all first values are written, it may rewrite its own weights.
///
/// Law, a check in `Conformance`: the same model and examples give the same bits, all of them finite.
public protocol DataDependentInitializer: Initializer {
  /// How many training examples it wants to see; nil for as many as a batch has.
  var examples: Int? { get }

  /// Rewrites weights by what the layers make of the examples.
  func adjust(_ model: some InspectedModel) throws
}

/// A model with its first values, as a data-dependent initializer sees it: in inference, on preprocessed training examples
/// in the order of the first epoch.
public protocol InspectedModel: AnyObject {
  /// The layers whose weights the initializer has filled, in the order of computation.
  var layers: [InspectedLayer] { get }

  /// What enters a layer, `[examples, …]`, with the weights of the moment.
  func input(of layer: InspectedLayer) throws -> Tensor

  /// What a layer makes of it, `[examples, …]`, with the weights of the moment.
  func output(of layer: InspectedLayer) throws -> Tensor

  func read(_ weight: Variable) throws -> Tensor

  /// Gives a weight another value, of the same shape.
  func write(_ value: Tensor, to weight: Variable) throws
}

/// A layer that has weights of the initializer.
public struct InspectedLayer: Sendable {
  /// `3.body.0`
  public let path: String
  /// As it is specified: `conv(32)`.
  public let layer: String
  /// Those of its weights that the initializer has filled.
  public let weights: [Variable]

  public init(path: String, layer: String, weights: [Variable]) {
    self.path = path
    self.layer = layer
    self.weights = weights
  }
}
