import Activations
import Conformance
import Execution
import Registry
import Swish
import Tensors
import Testing

@Suite struct SwishTests {
  private func registry() throws -> Registry {
    var registry = Registry()
    ExecutionPlugin.register(in: &registry)
    SwishPlugin.register(in: &registry)
    try registry.validate()
    return registry
  }

  @Test func conforms() throws {
    let results = ConformanceSuite(registry: try registry()).check(name: "swish")
    #expect(results.contains { $0.check == "gradient" && $0.status == .passed })
    for failure in results where failure.isFailure { Issue.record("\(failure)") }
  }

  @Test(
    "values",
    arguments: [("swish", 2.0, 1.7615941559557649), ("swish(0)", 3, 1.5), ("swish(2)", -1, -0.11920292202211755)])
  func value(_ specification: String, _ x: Double, _ expected: Double) throws {
    let part = try registry().make(specification, as: .transform, origin: "test")
    let trace = Trace()
    let model = ModelTrace(trace, phase: .inference) { shape, _, _ in Tensor(shape) { _ in 0 } }
    trace.output(try part(trace.input("x", [1]), in: Scope(model)), as: "y")
    let program = try ReferenceBackend().makeSession(SessionOptions()).compile(trace.finish())
    let y = try program.run([Tensor([1]) { _ in x }], step: 0)[0].doubles[0]
    #expect(abs(y - expected) < 1e-15, "\(specification) of \(x) is \(y)")
  }
}
