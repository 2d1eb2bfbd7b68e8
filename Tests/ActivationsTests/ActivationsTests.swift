import Activations
import Execution
import Registry
import Tensors
import TestSupport
import Testing

@Suite struct ActivationsTests {
  static let inputs = [-5, -1.5, -0.3, 0.7, 2.0, 7.0]

  /// Values of PyTorch 2.15 in Float64 at `inputs`; softmax and its logarithm over all six as one row.
  static let published: [(specification: String, values: [Double])] = [
    ("sigmoid", [0.006692850924, 0.182425523806, 0.425557483188, 0.668187772168, 0.880797077978, 0.999088948806]),
    ("tanh", [-0.999909204263, -0.905148253645, -0.291312612452, 0.604367777117, 0.964027580076, 0.999998336944]),
    ("relu", [0, 0, 0, 0.7, 2, 7]),
    ("leaky-relu", [-0.05, -0.015, -0.003, 0.7, 2, 7]),
    ("leaky-relu(0.5)", [-2.5, -0.75, -0.15, 0.7, 2, 7]),
    ("elu", [-0.993262053001, -0.776869839852, -0.259181779318, 0.7, 2, 7]),
    ("selu", [-1.74625336067, -1.365814353367, -0.455667315379, 0.735490691149, 2.101401974711, 7.354906911488]),
    ("gelu", [-1.433258e-06, -0.100210801903, -0.114626573343, 0.530625443444, 1.954499736104, 6.999999999991]),
    ("gelu(tanh)", [-2.2918e-07, -0.10042842302, -0.114629076457, 0.530570134705, 1.954597694088, 7]),
    ("silu", [-0.033464254621, -0.27363828571, -0.127667244957, 0.467731440518, 1.761594155956, 6.993622641639]),
    ("softplus", [0.006715348489, 0.201413277983, 0.554355244469, 1.103186048885, 2.126928011043, 7.000911466454]),
    ("softplus(2)", [2.269945e-05, 0.024293675787, 0.218743975243, 0.810208704959, 2.009074963959, 7.000000415764]),
    ("softsign", [-0.833333333333, -0.6, -0.230769230769, 0.411764705882, 0.666666666667, 0.875]),
    ("hard-sigmoid", [0, 0.25, 0.45, 0.616666666667, 0.833333333333, 1]),
    ("hard-swish", [0, -0.375, -0.135, 0.431666666667, 1.666666666667, 7]),
    ("relu6", [0, 0, 0, 0.7, 2, 6]),
    ("mish", [-0.03357623773, -0.298099742167, -0.151133177138, 0.561148377644, 1.943958959534, 6.99998837981]),
    ("softmax", [6.086636e-06, 0.000201561715, 0.000669208463, 0.001819097203, 0.006674807306, 0.990629238676]),
    (
      "log-softmax",
      [-12.009414943136, -8.509414943136, -7.309414943136, -6.309414943136, -5.009414943136, -0.009414943136]
    ),
    ("identity", inputs),
  ]

  @Test("values agree with PyTorch", arguments: published)
  func values(_ specification: String, _ expected: [Double]) throws {
    let (values, _) = try run(specification, Self.inputs)
    expectClose(values, expected, within: 1e-11, specification)
  }

  @Test("value and gradient of great numbers are finite", arguments: published.map(\.specification))
  func greatNumbers(_ specification: String) throws {
    let (values, gradients) = try run(specification, [-1e4, 1e4, -800, 800, -90, 90])
    #expect(values.count == 6 && gradients.count == 6)
    #expect((values + gradients).allSatisfy { $0.isFinite }, "\(specification): \(values), gradients \(gradients)")
  }

  @Test(
    "gradients where the formula bends",
    arguments: [
      ("relu", 0.0, 0.0), ("leaky-relu(0.2)", 0, 0.2), ("elu(1)", 0, 1), ("softplus", 0, 0.5), ("mish", 0, 0.6),
      ("sigmoid", 0, 0.25), ("relu6", 6.5, 0),
    ])
  func gradientAtBend(_ specification: String, _ x: Double, _ expected: Double) throws {
    let (_, gradients) = try run(specification, [x])
    #expect(abs(gradients[0] - expected) < 1e-12, "\(specification)'(\(x)) = \(gradients[0]), not \(expected)")
  }

  @Test func softmaxOfImagesSumsToOneOverChannels() throws {
    let trace = Trace()
    let y = Softmax()(trace.input("x", [2, 3, 2, 2]))
    trace.output(y.sum(over: [1]), as: "sums")
    let result = try ReferenceBackend().makeSession(SessionOptions()).compile(trace.finish())
      .run([Tensor([2, 3, 2, 2]) { Double($0 % 5) }], step: 0)
    expectClose(result[0], Tensor([2, 1, 2, 2]) { _ in 1 }, within: 1e-14)
  }

  @Test func slopeOutsideItsRangeIsRefused() throws {
    #expect(throws: SpecificationError.self) { try registry().make("leaky-relu(2)", as: .activation, origin: "test") }
  }

  private func registry() throws -> Registry {
    var registry = Registry()
    ActivationsPlugin.register(in: &registry)
    try registry.validate()
    return registry
  }

  private func run(_ specification: String, _ inputs: [Double]) throws -> (values: [Double], gradients: [Double]) {
    let part = try registry().make(specification, as: .activation, origin: "test")
    let trace = Trace()
    let x = trace.input("x", [1, inputs.count])
    let model = ModelTrace(trace, phase: .training) { shape, _, _ in Tensor(shape) { _ in 0 } }
    let y = try part(x, in: Scope(model))
    trace.output(y, as: "y")
    trace.output(try trace.gradients(of: y, withRespectTo: [x])[0], as: "gradient")
    let program = try ReferenceBackend().makeSession(SessionOptions()).compile(trace.finish())
    let results = try program.run([Tensor([1, inputs.count]) { inputs[$0] }], step: 0)
    return (results[0].doubles, results[1].doubles)
  }
}
