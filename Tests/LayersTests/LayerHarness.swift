import Activations
import Execution
import Foundation
import Initializers
import Layers
import Registry
import Tensors

/// A layer traced alone on one input, run on the reference backend.
struct LayerHarness {
  let model: ModelTrace
  let y: Value
  private let graph: Graph
  private let session: any Session

  static func registry() throws -> Registry {
    var registry = Registry()
    ActivationsPlugin.register(in: &registry)
    InitializersPlugin.register(in: &registry)
    LayersPlugin.register(in: &registry)
    try registry.validate()
    return registry
  }

  static func make(_ specification: String) throws -> any Transform {
    try registry().make(specification, as: .transform, origin: "test")
  }

  static func declared(_ specification: String, _ shape: Shape) throws -> [Variable] {
    let trace = Trace()
    let model = ModelTrace(trace, phase: .training) { shape, _, _ in Tensor(shape) { _ in 0 } }
    let part = try make(specification)
    _ = try part(trace.input("x", shape), in: Scope(model))
    return model.variables
  }

  /// Every learned tensor is filled with sin(1.7·k), weights with sin(1.7·k + 1), unless its layer chooses.
  init(
    _ specification: String, _ shape: Shape, _ phase: Scope.Phase = .training, statistics: [String: [Double]] = [:],
    seed: UInt64 = 0
  ) throws {
    let trace = Trace()
    model = ModelTrace(trace, phase: phase) { shape, _, _ in Tensor(shape) { sin(1.7 * Double($0) + 1) } }
    let x = trace.input("x", shape)
    let part = try Self.make(specification)
    y = try part(x, in: Scope(model))
    trace.output(y, as: "y")
    let weights = trace.input("weights", y.shape)
    trace.output(try trace.gradients(of: (y * weights).total(), withRespectTo: [x])[0], as: "gradient")
    graph = try trace.finish()
    session = ReferenceBackend().makeSession(SessionOptions(seed: seed))
    for variable in model.variables {
      let values = statistics[variable.name].map { values in Tensor(variable.shape) { values[$0] } }
      let filled = Tensor(variable.shape) { sin(1.7 * Double($0) + (variable.name.hasSuffix("weight") ? 1 : 0)) }
      let initial = model.initialValue(of: variable, seed: 0)
      try session.write(values ?? (variable.role.isLearned ? filled : initial ?? filled), to: variable)
    }
  }

  /// The output and the input's gradient of Σ yₖ·sin(0.9·k), for xₖ = cos(1.3·k).
  func run(step: UInt64 = 0, x: ((Int) -> Double)? = nil) throws -> (y: Tensor, gradient: Tensor) {
    let results = try session.compile(graph).run(
      graph.inputs.map { input in
        Tensor(input.shape) { input.name == "x" ? x?($0) ?? cos(1.3 * Double($0)) : sin(0.9 * Double($0)) }
      }, step: step)
    return (results[0], results[1])
  }

  func read(_ name: String) throws -> [Double]? {
    guard let variable = model.variables.first(where: { $0.name == name }) else { return nil }
    return try session.read(variable).doubles
  }
}

/// Σ xₖ·sin(0.9·k): a number that changes with any element and any exchange of elements.
func checksum(_ tensor: Tensor) -> Double {
  tensor.doubles.enumerated().reduce(0) { $0 + $1.element * sin(0.9 * Double($1.offset)) }
}
