import Activations
import Conformance
import Execution
import Registry
import Squareplus
import Tensors
import Testing

@Suite struct SquareplusTests {
  private func registry() throws -> Registry {
    var registry = Registry()
    ExecutionPlugin.register(in: &registry)
    SquareplusPlugin.register(in: &registry)
    try registry.validate()
    return registry
  }

  @Test func conforms() throws {
    let results = ConformanceSuite(registry: try registry()).check(name: "squareplus")
    #expect(!results.isEmpty)
    for failure in results where failure.isFailure { Issue.record("\(failure)") }
  }

  @Test("values", arguments: [("squareplus", 0.0, 1.0), ("squareplus(3)", 1, 1.5)])
  func value(_ specification: String, _ x: Double, _ expected: Double) throws {
    let part = try registry().make(specification, as: .activation, origin: "test")
    let trace = Trace()
    let model = ModelTrace(trace, phase: .inference) { shape, _, _ in Tensor(shape) { _ in 0 } }
    trace.output(try part(trace.input("x", [1]), in: Scope(model)), as: "y")
    let program = try ReferenceBackend().makeSession(SessionOptions()).compile(trace.finish())
    let y = try program.run([Tensor([1]) { _ in x }], step: 1)[0].doubles[0]
    #expect(abs(y - expected) < 1e-15, "\(specification) of \(x) is \(y)")
  }
}
