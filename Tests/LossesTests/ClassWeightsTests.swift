import Execution
import Losses
import Registry
import Tensors
import TestSupport
import Testing

@Suite struct ClassWeightsTests {
  /// PyTorch's CrossEntropyLoss(weight: [1, 2, 3], label_smoothing: s), computed by hand from its documentation and from
  /// `cross_entropy_loss_label_smoothing` in ATen's LossNLL.cpp: (1 − s)·w[y]·nll[y] + s/C·Σ w[c]·nll[c] an example, where
  /// nll is minus the logarithm of the softmax; the mean divides their sum by Σ w[y], here 1 + 2.
  @Test(
    "losses and their mean are PyTorch's",
    arguments: [
      (0.0, [0.24131129665715711, 5.81920292904293], 2.020171408566696),
      (0.3, [1.3637046856543042, 4.98920292904293], 2.117635871565745),
    ])
  func values(_ smoothing: Double, _ expected: [Double], _ mean: Double) throws {
    for backend in [ReferenceBackend(), CPUBackend()] as [any Backend] {
      let part = try make("softmax-cross-entropy(label-smoothing: \(smoothing), class-weights: [1, 2, 3])")
      let run = try run(part, LossContext(), on: backend)
      let tolerance = backend is CPUBackend ? 1e-6 : 1e-12
      #expect(run.weights == [1, 2])
      expectClose(run.losses, expected, within: tolerance)
      #expect(abs(run.mean - mean) < tolerance, "\(run.mean)")
      #expect(abs(run.sum - expected.reduce(0, +)) < 2 * tolerance, "\(run.sum)")
    }
  }

  /// scikit-learn's compute_class_weight("balanced"): n / (C·nᵢ); a class without examples counts as one with one.
  @Test func balancedWeightsFollowFromTheTrainingSplit() throws {
    let part = try make("softmax-cross-entropy(class-weights: balanced)")
    let run = try run(part, LossContext(classCounts: [6, 2, 0]))
    expectClose(run.weights, [8 / (3.0 * 6), 8 / (3.0 * 2)], within: 1e-15)
  }

  @Test func examplesThatCountNothingHaveALossOfZero() throws {
    let run = try run(make("softmax-cross-entropy(class-weights: [0, 0, 1])"), LossContext())
    #expect(run.losses == [0, 0] && run.weights == [0, 0] && run.mean == 0)
  }

  @Test("weights that say nothing are refused", arguments: ["[]", "[0, 0]", "[1, -1]", "[1, a]", "heavy", "2"])
  func refused(_ weights: String) throws {
    let error = #expect(throws: SpecificationError.self) {
      try make("softmax-cross-entropy(class-weights: \(weights))")
    }
    #expect("\(try #require(error))".contains("class-weights"))
  }

  @Test("weights print as they are read", arguments: ["none", "balanced", "[1, 0.5, 2]"])
  func printed(_ weights: String) throws {
    let part = try make("softmax-cross-entropy(class-weights: \(weights))")
    #expect(Specification(of: part).description.contains("class-weights: \(weights)"))
  }

  private func make(_ specification: String) throws -> any Loss {
    var registry = Registry()
    LossesPlugin.register(in: &registry)
    return try registry.make(specification, as: .loss, origin: "test")
  }

  private func run(
    _ part: any Loss, _ context: LossContext, on backend: any Backend = ReferenceBackend()
  ) throws -> (losses: [Double], weights: [Double], mean: Double, sum: Double) {
    let trace = Trace()
    let losses = part.losses(of: trace.input("prediction", [2, 3]), trace.input("target", [2]), context)
    trace.output(losses.values, as: "losses")
    trace.output(try #require(losses.weights), as: "weights")
    trace.output(losses.reduced(by: .mean), as: "mean")
    trace.output(losses.reduced(by: .sum), as: "sum")
    let program = try backend.makeSession(SessionOptions()).compile(trace.finish())
    let scores = [2.0, -1, 0.5, 0.1, 0.2, 3]
    let results = try program.run([Tensor([2, 3]) { scores[$0] }, Tensor([2]) { Double($0) }], step: 0)
    return (results[0].doubles, results[1].doubles, results[2].doubles[0], results[3].doubles[0])
  }
}
