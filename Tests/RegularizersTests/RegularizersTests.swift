import Execution
import Registry
import Regularizers
import Tensors
import Testing

@Suite struct RegularizersTests {
  @Test(
    "penalties of [1, -2, 0.5]",
    arguments: [
      ("l1(0.1)", 0.35), ("l2(0.1)", 0.525), ("elastic-net(0.1, 0.2)", 1.4), ("l1", 3.5e-4), ("l2(0)", 0),
    ])
  func penalty(_ specification: String, _ expected: Double) throws {
    let value = try penalty(specification, of: [1, -2, 0.5])
    #expect(abs(value - expected) < 1e-15, "\(specification): \(value)")
  }

  @Test func l2PrefersSpreadWeightsAndL1DoesNot() throws {
    let spread = [0.25, 0.25, 0.25, 0.25]
    let single = [1.0, 0, 0, 0]
    #expect(try penalty("l2(1)", of: spread) < penalty("l2(1)", of: single))
    #expect(try penalty("l1(1)", of: spread) == penalty("l1(1)", of: single))
  }

  private func penalty(_ specification: String, of weights: [Double]) throws -> Double {
    var registry = Registry()
    RegularizersPlugin.register(in: &registry)
    try registry.validate()
    let part = try registry.make(specification, as: .regularizer, origin: "test")
    let trace = Trace()
    let penalty = part(trace.input("weights", [weights.count]))
    #expect(penalty.shape == .scalar)
    trace.output(penalty, as: "penalty")
    let graph = try trace.finish()
    let program = try ReferenceBackend().makeSession(SessionOptions()).compile(graph)
    let inputs = graph.inputs.map { Tensor($0.shape) { weights[$0] } }
    return try program.run(inputs, step: 0)[0].doubles[0]
  }
}
