import Observers
import Initializers
import Layers
import Registry
import Tensors

/// The layers of a recipe as one part, with the initializer of those that do not choose.
struct Model: Sendable {
  private let root: any Transform
  private let initialization: Scope.Initialization

  /// What the last part says of the output's numbers.
  var outputRange: OutputRange? { root.outputRange }

  /// A single layer that names its parts by position, as `mlp` does, is the sequence; others stand in one, so that
  /// paths are those of PyTorch's Sequential with the same layers.
  ///
  /// `initializer`: nil for a model whose variables get stored values.
  init(_ layers: [any Transform], initializer: (any Initializer)? = nil, input: Shape) {
    initialization = { shape, fan, stream in initializer?(shape, fan, &stream) ?? Tensor(shape) { _ in 0 } }
    if layers.count == 1, Self.isSequence(layers[0], initialization, input) {
      root = layers[0]
    } else {
      root = SequenceLayer(layers)
    }
  }

  /// Writes the model into a trace.
  func callAsFunction(_ x: Value, phase: Scope.Phase) throws -> (model: ModelTrace, prediction: Value) {
    let model = ModelTrace(x.trace, phase: phase, initialization: initialization)
    let root = root
    let prediction = try root(x, in: Scope(model))
    try x.trace.check()
    return (model, prediction)
  }

  /// Parameters and statistics, of a model for inputs of one shape.
  func variables(input: Shape) throws -> [Variable] {
    try self(Trace().input("inputs", Shape([1] + input.sizes)), phase: .inference).model.variables
  }

  private static func isSequence(
    _ layer: any Transform, _ initialization: @escaping Scope.Initialization, _ input: Shape
  ) -> Bool {
    let trace = Trace()
    let model = ModelTrace(trace, phase: .inference, initialization: initialization)
    do {
      _ = try layer(trace.input("inputs", Shape([2] + input.sizes)), in: Scope(model))
    } catch {
      return error.path.first?.isNumber ?? false
    }
    let names = model.variables.map(\.name) + model.layers.map(\.path)
    return !model.layers.isEmpty && names.allSatisfy { $0.first?.isNumber ?? false }
  }
}

extension ModelSummary {
  /// The outermost layers of a traced model; what stands within them is counted as theirs.
  init(_ model: ModelTrace, input: Shape) {
    let learned = model.variables.filter(\.role.isLearned)
    func count(_ variables: [Variable]) -> Int { variables.reduce(0) { $0 + $1.shape.elementCount } }
    let layers = model.layers.filter { !$0.path.contains(".") }.map { layer in
      Layer(
        path: layer.path, layer: layer.layer, outputShape: Array(layer.output.shape.sizes.dropFirst()),
        parameterCount: count(learned.filter { $0.name.hasPrefix("\(layer.path).") }))
    }
    self.init(inputShape: input.sizes, layers: layers, parameterCount: count(learned))
  }
}
