import Optimizers
import Registry
import Tensors
import Testing

@Suite struct LookaheadTests {
  /// Algorithm 1 of Zhang et al. 2019 by hand, k = 2 and α = ½, on x² + y² with steps of gradient descent that halve both:
  /// from 8 to 4, to 2; φ = 8 + ½(2 − 8) = 5; to 2.5, to 1.25; φ = 5 + ½(1.25 − 5) = 3.125.
  @Test func slowWeightsFollowTheFastOnes() throws {
    let points = try descend(make("lookahead(sgd(0.25), steps: 2)"), [8, -16], 5) { x, y in x.squared() + y.squared() }
    #expect(points == [[4, -8], [5, -10], [2.5, -5], [3.125, -6.25], [1.5625, -3.125]])
  }

  /// On x + 2y the momentum of ½ makes steps of 1, 1.5, 1.75, 1.875 gradients: the inner state goes on over the slow steps.
  /// From 10 to 9, to 7.5; φ = 10 + ½(7.5 − 10) = 8.75; to 7, to 5.125; φ = 8.75 + ½(5.125 − 8.75) = 6.9375.
  @Test func theInnerStateGoesOn() throws {
    let points = try descend(make("lookahead(sgd(1, momentum: 0.5), 2, alpha: 0.5)"), [10, 20], 4) { x, y in x + 2 * y }
    #expect(points == [[9, 18], [8.75, 17.5], [7, 14], [6.9375, 13.875]])
  }

  @Test func theWholeWayIsTheInnerOptimizer() throws {
    func points(_ specification: String) throws -> [[Double]] {
      try descend(make(specification), [3, -2], 12) { x, y in x.squared() + 10 * y.squared() }
    }
    #expect(try points("lookahead(adam(0.1), alpha: 1)") == points("adam(0.1)"))
  }

  @Test func statesAreNamedByWhoKeepsThem() throws {
    let trace = Trace()
    let part = try make("lookahead(adam)")
    let variable = Variable(name: "0.weight", shape: [2], role: .weight)
    let update = UpdateScope(
      variable, by: part, rate: trace.constant(0.1), step: trace.input("step", .scalar), objective: trace.constant(0))
    _ = part(trace.variable(variable), gradient: trace.input("gradient", [2]), update)
    #expect(
      update.states.map(\.variable.name)
        == ["0.weight.inner.exp_avg", "0.weight.inner.exp_avg_sq", "0.weight.slow"])
    let value = Tensor([2]) { [3, 4][$0] }
    #expect(update.states[2].firstTensor { $0 == variable ? value : Tensor(0) } == value)
  }

  @Test func itsRateIsTheInnerOne() throws {
    #expect(try make("lookahead(sgd(0.3))").rate == 0.3)
    #expect(try Specification(of: make("lookahead(sgd(0.3))")).description.contains("sgd(0.3, momentum: 0"))
  }

  private func make(_ specification: String) throws -> any Optimizer {
    try registry().make(specification, as: .optimizer, origin: "test")
  }
}
