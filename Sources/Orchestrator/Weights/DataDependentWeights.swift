import Execution
import Initializers
import Tensors

/// The layers whose weights one data-dependent initializer has filled.
struct DataDependentWeights {
  let initializer: any DataDependentInitializer
  let layers: [InspectedLayer]

  /// Of a traced model, in the order of the layers: those that hold an initializer each by itself, all others together.
  static func all(in model: ModelTrace, initializer: any Initializer) -> [DataDependentWeights] {
    let weights = model.variables.filter { $0.role == .weight }.map { ($0, model.layer(of: $0)?.path) }
    let common = initializer as? any DataDependentInitializer
    var commonLayers: [InspectedLayer] = []
    var commonPlace: Int?
    var all: [DataDependentWeights] = []
    for layer in model.layers {
      func inspected(_ isMeant: (ModelTrace.InitialSource) -> Bool) -> InspectedLayer? {
        let own = weights.filter { $0.1 == layer.path && isMeant(model.initialSource(of: $0.0)) }.map(\.0)
        return own.isEmpty ? nil : InspectedLayer(path: layer.path, layer: layer.layer, weights: own)
      }
      if common != nil, let inspected = inspected({ if case .model = $0 { true } else { false } }) {
        commonPlace = commonPlace ?? all.count
        commonLayers.append(inspected)
      }
      var held: (any DataDependentInitializer)?
      let inspected = inspected { source in
        guard case .part(let part as any DataDependentInitializer) = source else { return false }
        held = part
        return true
      }
      if let held, let inspected { all.append(DataDependentWeights(initializer: held, layers: [inspected])) }
    }
    if let common, let commonPlace {
      all.insert(DataDependentWeights(initializer: common, layers: commonLayers), at: commonPlace)
    }
    return all
  }
}

extension Trainer {
  /// Lets data-dependent initializers look at training examples and rewrite the weights that they have filled.
  func adjustInitialWeights() throws {
    guard !programs.dataDependentWeights.isEmpty else { return }
    let maker = BatchMaker(pipeline.data.train, pipeline.preprocessing)
    for weights in programs.dataDependentWeights {
      let count = min(weights.initializer.examples ?? pipeline.recipe.batch, order.count)
      let steps = (count + pipeline.recipe.batch - 1) / pipeline.recipe.batch
      let indices = (0..<steps).flatMap { order.examples(ofStep: $0).indices }.prefix(count)
      let model = pipeline.model
      let probe = LayerProbe(programs.session, inputs: try maker.batch(indices, epoch: 0).inputs) { x in
        try model(x, phase: .inference).model
      }
      try weights.initializer.adjust(SessionModel(layers: weights.layers, probe: probe, session: programs.session))
    }
    try programs.parametersChanged()
  }
}

/// A model in a session, whose layers a probe computes.
private final class SessionModel: InspectedModel {
  let layers: [InspectedLayer]
  private let probe: LayerProbe
  private let session: any Session

  init(layers: [InspectedLayer], probe: LayerProbe, session: any Session) {
    self.layers = layers
    self.probe = probe
    self.session = session
  }

  func input(of layer: InspectedLayer) throws -> Tensor { try known(probe.input(ofLayerAt: layer.path), layer) }
  func output(of layer: InspectedLayer) throws -> Tensor { try known(probe.output(ofLayerAt: layer.path), layer) }
  func read(_ weight: Variable) throws -> Tensor { try session.read(weight) }
  func write(_ value: Tensor, to weight: Variable) throws { try session.write(value, to: weight) }

  private func known(_ value: Tensor?, _ layer: InspectedLayer) throws -> Tensor {
    guard let value else {
      throw ModelError(path: layer.path, layer: layer.layer, problem: "is not there in inference")
    }
    return value
  }
}
