import Activations
import Execution
import Registry
import Tensors
import Testing

@Suite struct ScopedActivationsTests {
  /// `[batch 1, channels 4, height 1, width 3]`.
  static let images = Tensor([1, 4, 1, 3]) { [-1, 2, -3, 4, -5, 6, -7, 8, -9, 10, -11, 12][$0] }

  // MARK: - prelu

  /// PyTorch's PReLU: the slope's gradient is the sum of the negative inputs; at 0 the input's gradient is the slope.
  @Test func preluHasASlopeAChannel() throws {
    let run = try Run("prelu", Self.images)
    #expect(run.variables == [Variable(name: "weight", shape: [4], role: .scale)])
    #expect(run.y.doubles == [-0.25, 2, -0.75, 4, -1.25, 6, -1.75, 8, -2.25, 10, -2.75, 12])
    #expect(run.gradients == [[0.25, 1, 0.25, 1, 0.25, 1, 0.25, 1, 0.25, 1, 0.25, 1], [-4, -5, -16, -11]])
    #expect(try Run("prelu(0.5)", Tensor([1, 2]) { _ in 0 }).gradients[0] == [0.5, 0.5])
  }

  @Test func sharedPreluHasOneSlope() throws {
    let run = try Run("prelu(initial: 0.5, shared: true)", Self.images)
    #expect(run.variables == [Variable(name: "weight", shape: [1], role: .scale)])
    #expect(run.y.doubles[0] == -0.5)
    #expect(run.gradients[1] == [-36])
  }

  // MARK: - rrelu

  @Test func rreluDrawsSlopesInTraining() throws {
    let x = Tensor([20, 50]) { $0.isMultiple(of: 2) ? -1 : 1 }
    let run = try Run("rrelu", x)
    let slopes = zip(x.doubles, run.y.doubles).compactMap { $0 < 0 ? -$1 : nil }
    #expect(slopes.count == 500)
    #expect(slopes.allSatisfy { (1.0 / 8...1.0 / 3).contains($0) })
    // Five deviations of the mean of 500 uniform numbers: 5·(1/3 − 1/8)/√(12·500).
    let mean = slopes.reduce(0, +) / 500
    #expect(abs(mean - 11.0 / 48) < 0.0135, "mean slope \(mean)")
    #expect(run.y.shape == x.shape && zip(x.doubles, run.y.doubles).allSatisfy { $0 < 0 || $0 == $1 })
    #expect(run.gradients[0].count == x.doubles.count)
    #expect(run.gradients[0].enumerated().allSatisfy { $1 == (x.doubles[$0] < 0 ? -run.y.doubles[$0] : 1) })
    #expect(try Run("rrelu", x, step: 2).y != run.y, "each step draws anew")
    #expect(try Run("rrelu", x).y == run.y, "the same step draws the same")
  }

  @Test func rreluTakesTheMeanSlopeInInference() throws {
    let run = try Run("rrelu(0.1, 0.3)", Tensor([1, 2]) { [-2, 5][$0] }, .inference)
    #expect(run.y.doubles == [-0.4, 5])
  }

  @Test func rreluRefusesBoundsInTheWrongOrder() throws {
    let error = #expect(throws: ModelError.self) { try Run("rrelu(0.5, 0.25)", Self.images) }
    #expect(error?.problem == "lower is 0.5, and must be at most upper, which is 0.25")
  }

  // MARK: - maxout

  /// Goodfellow et al. 2013, section 3: the maximum over the pieces of each unit; the gradient goes to the greatest.
  @Test func maxoutTakesTheMaximumOfNeighbouringChannels() throws {
    let images = try Run("maxout", Self.images)
    #expect(images.y == Tensor([1, 2, 1, 3]) { [4, 2, 6, 10, 8, 12][$0] })
    #expect(images.gradients == [[0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1]])
    let rows = try Run("maxout(pieces: 3)", Tensor([2, 6]) { [1, 5, 2, -3, -1, -2, 0, 9, 4, 8, 7, 6][$0] })
    #expect(rows.y == Tensor([2, 2]) { [5, -1, 9, 8][$0] })
  }

  @Test func maxoutSaysWhichNumberOfChannelsWouldDo() throws {
    let error = #expect(throws: ModelError.self) { try Run("maxout(3)", Self.images) }
    #expect(
      error?.problem
        == "4 channels cannot be split into groups of 3: let the layer before it make a multiple, such as 3, "
        + "or choose pieces that divide 4")
  }

  @Test("rows of one axis have no channels", arguments: ["prelu", "maxout"])
  func scalars(_ specification: String) throws {
    let error = #expect(throws: ModelError.self) { try Run(specification, Tensor([3]) { _ in 1 }) }
    #expect(error?.problem == "expected [batch, channels, …], got [3]")
  }
}

/// One run of an activation on the reference backend.
private struct Run {
  let variables: [Variable]
  let y: Tensor
  /// Of the output's sum, with respect to the input and then to each variable.
  let gradients: [[Double]]

  @discardableResult
  init(_ specification: String, _ input: Tensor, _ phase: Scope.Phase = .training, step: UInt64 = 1) throws {
    var registry = Registry()
    ActivationsPlugin.register(in: &registry)
    let part = try registry.make(specification, as: .activation, origin: "test")
    let trace = Trace()
    let x = trace.input("x", input.shape)
    let model = ModelTrace(trace, phase: phase) { shape, _, _ in Tensor(shape) { _ in 0 } }
    let output = try part(x, in: Scope(model))
    trace.output(output, as: "y")
    let variables = model.variables
    for gradient in try trace.gradients(of: output, withRespectTo: [x] + variables.map(trace.variable)) {
      trace.output(gradient, as: "gradient")
    }
    let session = ReferenceBackend().makeSession(SessionOptions())
    for variable in variables { try session.write(#require(model.initialValue(of: variable, seed: 0)), to: variable) }
    let results = try session.compile(trace.finish()).run([input], step: step)
    self.variables = variables
    y = results[0]
    gradients = results.dropFirst().map(\.doubles)
  }
}
