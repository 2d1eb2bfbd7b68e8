import Execution
import Optimizers
import Registry
import Tensors
import Testing

@Suite struct ConstraintTests {
  private func constrained(_ text: String, _ weights: Tensor) throws -> [Double] {
    var registry = Registry()
    OptimizersPlugin.register(in: &registry)
    let part = try registry.make(text, as: .constraint, origin: "test")
    let trace = Trace()
    trace.output(part(trace.input("parameter", weights.shape)), as: "parameter")
    let program = try ReferenceBackend().makeSession(SessionOptions()).compile(trace.finish())
    return try program.run([weights], step: 1)[0].doubles
  }

  /// A row of norm 5, one within the limit, and one of zeros: the first is divided by 5, the others keep their bits.
  @Test func theNormOfEachOutputIsLimited() throws {
    let weights = Tensor([3, 2]) { [3, -4, 0.3, 0.1, 0, 0][$0] }
    let result = try constrained("max-norm(1)", weights)
    #expect(abs(result[0] - 0.6) < 1e-15 && abs(result[1] + 0.8) < 1e-15)
    #expect(Array(result.dropFirst(2)) == [0.3, 0.1, 0, 0])
  }

  @Test func aFilterIsOneOutput() throws {
    let filters = Tensor([1, 1, 2, 2]) { [1, 1, 1, 1][$0] }
    #expect(try constrained("max-norm(1)", filters) == [0.5, 0.5, 0.5, 0.5])
  }
}
