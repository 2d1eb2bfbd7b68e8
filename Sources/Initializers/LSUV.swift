import Foundation
public import Registry
public import Tensors

/// Weights begin as ``Orthogonal``'s. Then, layer after layer, they are scaled until the variance over all numbers that the
/// layer makes of the examples is one; a layer whose output does not vary stays as it is.
public struct LSUV: DataDependentInitializer {
  public static let name = "lsuv"
  public static let summary =
    "orthogonal weights, scaled so that each layer's output has variance 1 on training examples"
  public static let formula =
    "W orthonormal; then, layer by layer, W ← W/√Var(output) until |Var(output) − 1| ≤ tolerance"
  public static let reference = "Mishkin & Matas 2016, All you need is a good init, algorithm 1"

  @Parameter("training examples that are looked at; without it, a batch", in: 2...) public var examples: Int? = nil
  @Parameter("how far from 1 the variance may stay", in: .above(0)) public var tolerance = 0.05
  @Parameter("times that a layer is scaled at most", in: 1...1000) public var iterations = 10

  public init() {}

  public func callAsFunction(_ shape: Shape, _ fan: Fan, _ stream: inout RandomStream) -> Tensor {
    Orthogonal()(shape, fan, &stream)
  }

  public func adjust(_ model: some InspectedModel) throws {
    for layer in model.layers {
      for _ in 0..<iterations {
        let variance = try model.output(of: layer).variance
        guard variance.isFinite, variance > 0, abs(variance - 1) > tolerance else { break }
        let factor = pow(variance, -0.5 / Double(layer.weights.count))
        for weight in layer.weights {
          let values = try model.read(weight).doubles
          try model.write(Tensor(weight.shape) { values[$0] * factor }, to: weight)
        }
      }
    }
  }
}

extension Tensor {
  /// Of all numbers about their mean.
  fileprivate var variance: Double {
    let values = doubles
    let count = Double(max(1, values.count))
    let mean = values.reduce(0, +) / count
    return values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
  }
}
