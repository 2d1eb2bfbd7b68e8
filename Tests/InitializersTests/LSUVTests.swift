import Foundation
import Initializers
import Tensors
import TestSupport
import Testing

@Suite struct LSUVTests {
  /// Layers that multiply all their weights' elements, one after another, with what comes in.
  private final class Products: InspectedModel {
    let layers: [InspectedLayer]
    private(set) var looks = 0
    private var values: [String: Double]

    init(_ weights: [[Double]]) {
      var values: [String: Double] = [:]
      layers = weights.enumerated().map { layer, weights in
        let variables = weights.indices.map { Variable(name: "\(layer).\($0)", shape: [1], role: .weight) }
        for (variable, value) in zip(variables, weights) { values[variable.name] = value }
        return InspectedLayer(path: "\(layer)", layer: "product", weights: variables)
      }
      self.values = values
    }

    func value(_ name: String) -> Double { values[name] ?? .nan }

    func input(of layer: InspectedLayer) -> Tensor {
      let before = layers.prefix { $0.path != layer.path }.flatMap(\.weights)
      let factor = before.reduce(1) { $0 * value($1.name) }
      // Variance 4 about the mean 3.
      return Tensor([4, 1]) { factor * [1, 5, 1, 5][$0] }
    }

    func output(of layer: InspectedLayer) -> Tensor {
      looks += 1
      let (input, factor) = (input(of: layer).doubles, layer.weights.reduce(1) { $0 * value($1.name) })
      return Tensor([4, 1]) { factor * input[$0] }
    }

    func read(_ weight: Variable) -> Tensor { Tensor([1]) { _ in value(weight.name) } }
    func write(_ tensor: Tensor, to weight: Variable) { values[weight.name] = tensor.doubles[0] }
  }

  /// Mishkin & Matas 2016, algorithm 1: W ← W/√Var, layer after layer.
  @Test func eachLayerIsScaledToVarianceOneAfterTheOnesBefore() throws {
    let model = Products([[3], [-5], [0.5]])
    try LSUV().adjust(model)
    expectClose(["0.0", "1.0", "2.0"].map(model.value), [0.5, -1, 1], within: 1e-12)
    #expect(model.looks == 6, "each layer before and after it was scaled")
  }

  @Test func theWeightsOfALayerShareTheFactor() throws {
    let model = Products([[3, 2]])
    try LSUV().adjust(model)
    #expect(abs(model.value("0.0") - 3 * (1.0 / 12).squareRoot()) < 1e-12)
    #expect(abs(model.value("0.0") * model.value("0.1") - 0.5) < 1e-12)
  }

  @Test func whatIsWithinTheToleranceStays() throws {
    let model = Products([[0.51]])
    try LSUV().adjust(model)
    #expect(model.value("0.0") == 0.51)
  }

  @Test func anOutputThatDoesNotVaryStays() throws {
    let model = Products([[0], [2]])
    try LSUV().adjust(model)
    #expect(model.value("0.0") == 0 && model.value("1.0") == 2)
  }

  @Test func weightsBeginOrthogonal() {
    var (first, second) = (RandomStream(seed: 1, "lsuv"), RandomStream(seed: 1, "lsuv"))
    let fan = Fan(input: 5, output: 3)
    #expect(LSUV()([3, 5], fan, &first) == Orthogonal()([3, 5], fan, &second))
  }
}
