import Activations
import Execution
import Initializers
import Layers
import Registry
import Tensors

extension ConformanceSuite {
  func initializerChecks(_ entry: Registry.Entry) -> [CheckResult] {
    var results = [result(entry, "first values") { try checkFirstValues(entry) }]
    if entry.type is any DataDependentInitializer.Type {
      results.append(result(entry, "adjusted") { try checkAdjusted(entry) })
    }
    return results
  }

  /// The shape is kept, all numbers are finite, and the same stream gives the same bits.
  private func checkFirstValues(_ entry: Registry.Entry) throws -> String {
    let places: [(shape: Shape, fan: Fan)] = [
      ([8, 5], Fan(input: 5, output: 8)), ([4, 3, 3, 3], Fan(input: 27, output: 36)),
      ([1, 1], Fan(input: 1, output: 1)),
    ]
    for (title, component) in try variants(of: entry) {
      guard let part = component as? any Initializer else { continue }
      for (shape, fan) in places {
        func draw() -> Tensor {
          var stream = stream("first values")
          return part(shape, fan, &stream)
        }
        let tensor = draw()
        let place = "\(title) on \(shape), seed \(seed)"
        guard tensor.shape == shape else { throw Failure("\(place): makes \(tensor.shape)") }
        guard tensor.doubles.allSatisfy({ $0.isFinite }) else { throw Failure("\(place): not all numbers are finite") }
        guard draw().bytes == tensor.bytes else { throw Failure("\(place): the same stream gives other bits") }
      }
    }
    return "\(places.count) shapes"
  }

  /// The same model and examples give the same bits, all of them finite.
  private func checkAdjusted(_ entry: Registry.Entry) throws -> String {
    var count = 0
    for (title, component) in try variants(of: entry) {
      guard let part = component as? any DataDependentInitializer else { continue }
      for examples in [part.examples ?? 12, 1] {
        let place = "\(title) on a model of two layers and \(examples) examples, seed \(seed)"
        let (first, second) = (try adjusted(by: part, examples), try adjusted(by: part, examples))
        guard first.map(\.bytes) == second.map(\.bytes) else { throw Failure("\(place): adjusted again, other bits") }
        guard first.allSatisfy({ $0.doubles.allSatisfy { $0.isFinite } }) else {
          throw Failure("\(place): not all numbers are finite")
        }
        count += 1
      }
    }
    return "\(count) models"
  }

  /// The weights of a small model once an initializer has filled and adjusted them.
  private func adjusted(by part: any DataDependentInitializer, _ examples: Int) throws -> [Tensor] {
    let model = try SmallModel(images: normal([examples, 2, 6, 6], "images"), part, seed: seed)
    try part.adjust(model)
    return try model.layers.flatMap(\.weights).map(model.read)
  }
}

/// A convolution, a rectifier and a dense layer on the reference backend.
private final class SmallModel: InspectedModel {
  let layers: [InspectedLayer]
  private let session = ReferenceBackend().makeSession(SessionOptions())
  private let probe: LayerProbe

  init(images: Tensor, _ initializer: any Initializer, seed: UInt64) throws {
    let root = SequenceLayer([Conv(3), ReLU(), Flatten(), Dense(4)])
    func write(_ x: Value) throws -> ModelTrace {
      let model = ModelTrace(x.trace, phase: .inference) { shape, fan, stream in initializer(shape, fan, &stream) }
      _ = try root(x, in: Scope(model))
      return model
    }
    let model = try write(Trace().input("inputs", images.shape))
    for variable in model.variables {
      guard let value = model.initialValue(of: variable, seed: seed) else { continue }
      try session.write(value, to: variable)
    }
    layers = model.layers.compactMap { layer in
      let weights = model.variables.filter { $0.role == .weight && model.layer(of: $0)?.path == layer.path }
      return weights.isEmpty ? nil : InspectedLayer(path: layer.path, layer: layer.layer, weights: weights)
    }
    probe = LayerProbe(session, inputs: images, model: write)
  }

  func input(of layer: InspectedLayer) throws -> Tensor { try probe.input(ofLayerAt: layer.path) ?? Tensor(.nan) }
  func output(of layer: InspectedLayer) throws -> Tensor { try probe.output(ofLayerAt: layer.path) ?? Tensor(.nan) }
  func read(_ weight: Variable) throws -> Tensor { try session.read(weight) }
  func write(_ value: Tensor, to weight: Variable) throws { try session.write(value, to: weight) }
}
