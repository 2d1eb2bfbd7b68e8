import Execution
import Tensors
import TestSupport
import Testing

/// The pass alone: the rewritten graph computes on the reference backend what the original does.
struct ChannelBlockingTests {
  private let pass = ChannelBlocking(block: 4) { $0 <= 2 }

  /// Convolutions with bias, normalisation, relu and pools, a mask without blocks, and a dense end; with gradients.
  private func network(inputs: Int, channels: [Int], groups: [Int] = [1, 1]) throws -> (
    graph: Graph, variables: [Variable]
  ) {
    let trace = Trace()
    var variables: [Variable] = []
    func parameter(_ shape: Shape) -> Value {
      variables.append(Variable(name: "v\(variables.count)", shape: shape, role: .weight))
      return trace.variable(variables[variables.count - 1])
    }
    var x = trace.input("x", [2, inputs, 8, 8])
    for (index, width) in channels.enumerated() {
      let window = Window(kernel: .init(3), padding: .init(1), groups: groups[index])
      x = x.convolution(parameter([width, x.shape[1] / window.groups, 3, 3]), window)
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
    try expectSameNumbers(graph, pass(graph), variables, "\(channels) channels after \(inputs)")
  }

  @Test("the same numbers with groups", arguments: [[4, 4], [8, 8], [1, 8], [2, 2], [4, 1]])
  func sameNumbersOfGroups(groups: [Int]) throws {
    let (graph, variables) = try network(inputs: 8, channels: [8, 8], groups: groups)
    let blocked = try pass(graph)
    #expect(convolutions(blocked).allSatisfy { $0.layout == .channelBlocks(4) }, "\(blocked)")
    try expectSameNumbers(graph, blocked, variables, "groups \(groups)")
  }

  @Test("what the library has no kernel of stays without blocks, the rest does not", arguments: 0..<3)
  func missingKernels(missing: Int) throws {
    let (graph, variables) = try network(inputs: 4, channels: [8, 8], groups: [1, 8])
    func kind(_ operation: Tensors.Operation) -> (direction: Int, groups: Int)? {
      switch operation {
      case .convolution(let window): (0, window.groups)
      case .convolutionInputGradient(let window): (1, window.groups)
      case .convolutionFilterGradient(let window): (2, window.groups)
      default: nil
      }
    }
    func isMissing(_ operation: Tensors.Operation) -> Bool { kind(operation).map { $0 == (missing, 8) } ?? false }
    let blocked = try ChannelBlocking(
      block: 4, hasKernel: { operation, operands, result in !isMissing(operation) }, takesPlain: { _ in false })(graph)
    for node in blocked.nodes where kind(node.operation) != nil {
      let layouts = [node.layout] + node.operands.map { blocked[$0].layout }
      #expect(layouts.contains(.channelBlocks(4)) == !isMissing(node.operation), "\(node.operation) in \(blocked)")
    }
    try expectSameNumbers(graph, blocked, variables, "without direction \(missing)")
  }

  private func convolutions(_ graph: Graph) -> [Graph.Node] {
    graph.nodes.filter { if case .convolution = $0.operation { true } else { false } }
  }

  private func expectSameNumbers(_ graph: Graph, _ blocked: Graph, _ variables: [Variable], _ title: String) throws {
    func run(_ graph: Graph) throws -> [Tensor] {
      let session = try backend("reference").makeSession(SessionOptions(seed: 3))
      var stream = RandomStream(seed: 1, "values")
      for variable in variables {
        try session.write(Tensor(variable.shape) { _ in stream.uniform(-1, 1) }, to: variable)
      }
      return try session.compile(graph).run([Tensor(graph.inputs[0].shape) { _ in stream.uniform(-1, 1) }], step: 1)
    }
    expectClose(try run(blocked), try run(graph), within: 1e-12) { "output \($0) of \(title)" }
  }

  @Test("a part of images in blocks is taken from the blocks")
  func slices() throws {
    let trace = Trace()
    let filters = Variable(name: "v", shape: [8, 1, 3, 3], role: .weight)
    let x = trace.input("x", [2, 1, 8, 8]).convolution(
      trace.variable(filters), Window(kernel: .init(3), padding: .init(1)))
    let part = x.slice(from: [1, 0, 2, 3], sizes: [1, 8, 2, 4], strides: [1, 1, 3, 1])
    trace.output(part.mean(over: [0, 2, 3]), as: "all channels")
    trace.output(x.slice(from: [0, 2, 0, 0], sizes: [2, 3, 8, 8]).mean(over: [0, 2, 3]), as: "some")
    let graph = try trace.finish().lowered()
    let blocked = try pass(graph)
    try expectSameNumbers(graph, blocked, [filters], "slices")
    let layouts = blocked.nodes.compactMap { node -> Layout? in
      if case .slice = node.operation { node.layout } else { nil }
    }
    #expect(Set(layouts) == [.channelBlocks(4), .rowMajor] && layouts.count == 2, "\(blocked)")
  }

  @Test("five axes are no blocks")
  func fiveAxes() throws {
    let trace = Trace()
    let x = trace.input("x", [2, 3, 4, 4, 4])
    trace.output((x.tanh() * trace.input("row", [4])).sum(over: [2, 3]), as: "y")
    trace.output(
      trace.input("images", [2, 4, 4, 4, 4]).convolution(
        trace.input("filters", [4, 16, 1, 1]), Window(kernel: .init(1))), as: "z")
    #expect(throws: ShapeError("expected 4 axes [batch, channels, height, width], got [2, 4, 4, 4, 4]")) {
      try trace.check()
    }
    let graph = try trace.finish().lowered()
    #expect(try pass(graph).nodes.allSatisfy { $0.layout == .rowMajor })
  }

  @Test("images stay in blocks from one convolution to the next")
  func staysBlocked() throws {
    let (graph, _) = try network(inputs: 1, channels: [4, 8])
    let blocked = try pass(graph)
    #expect(convolutions(blocked).allSatisfy { $0.layout == .channelBlocks(4) })
    // One relayout to meet the mask, and one for what its gradient meets on the way back.
    #expect(blocked.nodes.count { $0.operation == .relayout } <= 2, "\(blocked)")
  }
}
