import Execution
import Optimizers
import Registry
import Tensors
import Testing

@Suite struct GradientTransformTests {
  /// The gradients of a weight and a bias, changed together.
  private func changed(_ text: String, _ weight: [Double], _ bias: [Double]) throws -> [[Double]] {
    var registry = Registry()
    OptimizersPlugin.register(in: &registry)
    let part = try registry.make(text, as: .gradientTransform, origin: "test")
    let trace = Trace()
    let gradients = [("weight", weight, Variable.Role.weight), ("bias", bias, .bias)].map { name, values, role in
      let shape: Shape = [values.count]
      return ParameterGradient(of: Variable(name: name, shape: shape, role: role), trace.input(name, shape))
    }
    for (gradient, result) in zip(gradients, part(gradients)) { trace.output(result, as: gradient.parameter.name) }
    let program = try ReferenceBackend().makeSession(SessionOptions()).compile(trace.finish())
    return try program.run([weight, bias].map { values in Tensor([values.count]) { values[$0] } }, step: 1).map(
      \.doubles)
  }

  /// torch.nn.utils.clip_grad_norm_: the coefficient is max_norm/(norm + 1e-6), at most 1; ‖(3, 4), (12)‖ = 13.
  @Test func theNormOfAllGradientsIsClipped() throws {
    let result = try changed("clip-norm(1)", [3, 4], [12])
    let factor = 1 / (13 + 1e-6)
    #expect(result == [[3 * factor, 4 * factor], [12 * factor]])
  }

  @Test func aSmallNormStays() throws {
    #expect(try changed("clip-norm(14)", [3, 4], [12]) == [[3, 4], [12]])
  }

  /// torch.nn.utils.clip_grad_value_.
  @Test func everyNumberIsClipped() throws {
    #expect(try changed("clip-value(2)", [-3, 1.5], [2.5]) == [[-2, 1.5], [2]])
  }
}
