import Execution
import Tensors
import Testing

/// The pass alone: the rewritten graph computes on the reference backend what the original does.
struct ChannelBlockingTests {
  private let pass = ChannelBlocking(block: 4) { $0 <= 2 }

  /// Convolutions with bias, normalisation, relu and pools, a mask without blocks, and a dense end; with gradients.
  private func network(inputs: Int, channels: [Int]) throws -> (graph: Graph, variables: [Variable]) {
    let trace = Trace()
    var variables: [Variable] = []
    func parameter(_ shape: Shape) -> Value {
      variables.append(Variable(name: "v\(variables.count)", shape: shape, role: .weight))
      return trace.variable(variables[variables.count - 1])
    }
    var x = trace.input("x", [2, inputs, 8, 8])
    for (index, width) in channels.enumerated() {
      x = x.convolution(parameter([width, x.shape[1], 3, 3]), Window(kernel: .init(3), padding: .init(1)))
      x = x + parameter([width, 1, 1])
      x = x.normalized(over: [0, 2, 3], epsilon: 1e-3).normalized
      x = max(x, 0)
      if index == 0 { x = x.maxPool(Window(kernel: .init(2), stride: .init(2))) }
    }
    x = x * (trace.random(x.shape, stream: "mask") .< 0.5)
    let pooled = x.averagePool(Window(kernel: .init(2), stride: .init(2)))
    let flat = pooled.reshaped([2, pooled.shape.elementCount / 2]).matmul(
      parameter([pooled.shape.elementCount / 2, 3]))
    let loss = (flat * flat).total() + x.mean(over: [1, 2, 3]).total()
    trace.output(loss, as: "loss")
    for (index, gradient) in try trace.gradients(of: loss, withRespectTo: variables.map(trace.variable)).enumerated() {
      trace.output(gradient, as: "gradient \(index)")
    }
    return (try trace.finish().lowered(), variables)
  }

  @Test(
    "the same numbers", arguments: [(1, [4, 8]), (2, [8, 4]), (4, [4, 4]), (3, [8, 8]), (4, [6, 4]), (5, [3])])
  func sameNumbers(inputs: Int, channels: [Int]) throws {
    let (graph, variables) = try network(inputs: inputs, channels: channels)
    let blocked = try pass(graph)
    func run(_ graph: Graph) throws -> [Tensor] {
      let session = try backend("reference").makeSession(SessionOptions(seed: 3))
      var stream = RandomStream(seed: 1, "values")
      for variable in variables {
        try session.write(Tensor(variable.shape) { _ in stream.uniform(-1, 1) }, to: variable)
      }
      return try session.compile(graph).run([Tensor(graph.inputs[0].shape) { _ in stream.uniform(-1, 1) }], step: 1)
    }
    for (index, (expected, found)) in zip(try run(graph), try run(blocked)).enumerated() {
      let error = zip(expected.doubles, found.doubles).map { abs($0 - $1) }.max() ?? 0
      #expect(error < 1e-12, "output \(index) of \(channels) channels after \(inputs)")
    }
  }

  @Test("images stay in blocks from one convolution to the next")
  func staysBlocked() throws {
    let (graph, _) = try network(inputs: 1, channels: [4, 8])
    let blocked = try pass(graph)
    let convolutions = blocked.nodes.filter { if case .convolution = $0.operation { true } else { false } }
    #expect(convolutions.allSatisfy { $0.shape.rank == 5 })
    // One transpose to meet the mask, and one for what its gradient meets on the way back.
    let transposes = blocked.nodes.count {
      $0.operation == .transpose([0, 1, 4, 2, 3]) || $0.operation == .transpose([0, 1, 3, 4, 2])
    }
    #expect(transposes <= 2, "\(blocked)")
  }
}
