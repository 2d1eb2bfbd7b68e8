import Execution
import Registry
import Tensors
import TestSupport
import Testing

/// A backend by name, as users choose it.
func backend(_ name: String) throws -> any Backend {
  var registry = Registry()
  ExecutionPlugin.register(in: &registry)
  return try registry.make(name, as: .backend, origin: "test")
}

struct CPUBackendTests {
  @Test("random programs give what the reference gives", arguments: 0..<60)
  func randomPrograms(seed: Int) throws {
    let rows = [1, 2, 7, 128, 1500][seed % 5]
    let random = try RandomGraph(seed: UInt64(seed), rows: rows)
    let expected = try random.run(on: backend("reference"), threads: 1)
    for threads in 1...3 {
      let found = try random.run(on: backend("cpu"), threads: threads)
      expectClose(found, expected, within: 1e-3) {
        "seed \(seed), rows \(rows), threads \(threads), result \($0) of\n\(random.graph)"
      }
    }
  }

  @Test(
    "what is foreseen changes no result: arrays that no cache holds, of a size that fills no tile", arguments: 1...3)
  func foreseen(threads: Int) throws {
    let rows = 1_000_003
    let trace = Trace()
    let (x, y) = (trace.input("x", [rows, 2]), trace.input("y", [rows, 2]))
    let z = (x - 3) * y + x
    trace.output(z, as: "z")
    trace.output(z.sum(over: [0]), as: "sums")
    let program = try backend("cpu").makeSession(SessionOptions(threads: threads)).compile(try trace.finish())
    let inputs = [Tensor([rows, 2]) { Double($0 % 7) }, Tensor([rows, 2]) { Double($0 % 5) }]
    let results = try program.run(inputs.map { $0.converted(to: .float32) }, step: 1)
    let expected = zip(inputs[0].doubles, inputs[1].doubles).map { ($0 - 3) * $1 + $0 }
    #expect(results[0].doubles == expected)
    for column in 0..<2 {
      let sum = stride(from: column, to: 2 * rows, by: 2).reduce(0) { $0 + expected[$1] }
      #expect(abs(results[1].doubles[column] - sum) <= 1e-6 * sum)
    }
  }

  @Test("the same thread count gives the same bits", arguments: [1, 2])
  func sameBits(threads: Int) throws {
    let random = try RandomGraph(seed: 3, rows: 3000)
    let first = try random.run(on: backend("cpu"), threads: threads)
    for _ in 0..<5 {
      #expect(try random.run(on: backend("cpu"), threads: threads).map(\.bytes) == first.map(\.bytes))
    }
  }

  @Test("programs of one session share variables and memory")
  func sharedMemory() throws {
    let weight = Variable(name: "w", shape: [4], role: .weight)
    let session = try backend("cpu").makeSession(SessionOptions())
    try session.write(Tensor([4]) { Double($0) }, to: weight)
    func program(_ batch: Int) throws -> any Program {
      let trace = Trace()
      let x = trace.input("x", [batch, 4])
      let next = trace.variable(weight) + x.exponential().sum(over: [0]).reshaped([4])
      trace.assign(next, to: weight)
      trace.output(next, as: "w")
      return try session.compile(try trace.finish())
    }
    let (small, large) = (try program(2), try program(700))
    for (program, batch, expected) in [(small, 2, 2.0), (large, 700, 702), (small, 2, 704)] {
      let result = try program.run([Tensor([batch, 4]) { _ in 0 }], step: 1)[0].doubles
      #expect(result == [0, 1, 2, 3].map { $0 + expected })
      #expect(try session.read(weight).doubles == result)
    }
  }

  @Test("variables of all sizes are updated by any number of threads", arguments: 1...3)
  func manyUpdates(threads: Int) throws {
    let sizes = [1, 16, 17, 300, 20_001]
    let variables = sizes.map { Variable(name: "v\($0)", shape: [$0], role: .weight) }
    func values(_ name: String) throws -> [Tensor] {
      let session = try backend(name).makeSession(SessionOptions(threads: threads))
      let trace = Trace()
      for variable in variables {
        try session.write(Tensor(variable.shape) { Double($0 % 7) }, to: variable)
        trace.assign(trace.variable(variable) * 0.5 + trace.iota(variable.shape, axis: 0), to: variable)
      }
      let program = try session.compile(try trace.finish())
      for step in 1...3 { _ = try program.run([], step: UInt64(step)) }
      return try variables.map(session.read)
    }
    #expect(try values("cpu").map(\.doubles) == values("reference").map(\.doubles))
  }

  @Test(
    "pools of large images, in bands, give what the reference gives",
    arguments: [Shape([2, 3, 80, 64]), [1, 2, 81, 50]])
  func pools(shape: Shape) throws {
    let trace = Trace()
    let x = trace.input("x", shape)
    let window = Window(kernel: .init(2), stride: .init(2))
    for (name, pooled) in [("greatest", x.maxPool(window)), ("mean", x.averagePool(window))] {
      trace.output(pooled, as: name)
      let gradients = try trace.gradients(of: (pooled * pooled).total(), withRespectTo: [x])
      trace.output(gradients[0], as: "gradient of \(name)")
    }
    try expectAgreement(of: trace.finish(), within: 1e-5) { $0.uniform(-1, 1) }
  }

  @Test("means and variances of numbers far from zero keep their digits", arguments: [0, 1e3, 1e5])
  func momentsFarFromZero(offset: Double) throws {
    let trace = Trace()
    let x = trace.input("x", [8, 3, 64, 48])
    let (normalized, mean, variance) = x.normalized(over: [0, 2, 3], epsilon: 1e-5)
    trace.output(normalized, as: "normalized")
    trace.output((mean - offset) / 64, as: "mean")
    trace.output(variance / 4096, as: "variance")
    // Multiples of 1/64, which Float32 holds exactly.
    try expectAgreement(of: trace.finish(), within: 2e-3) { offset + ($0.normal() * 4096).rounded() / 64 }
  }

  @Test(
    "convolutions with channels in blocks between others, with their gradients",
    arguments: [(channels: 16, size: 9, padding: 1), (48, 6, 0), (80, 13, 2)])
  func blockedConvolutions(channels: Int, size: Int, padding: Int) throws {
    let trace = Trace()
    let x = trace.input("x", [5, 3, size, size])
    let filters = [
      trace.input("first", [channels, 3, 3, 3]), trace.input("second", [32, channels, 3, 3]),
      trace.input("third", [16, 32, 3, 3]), trace.input("strided", [16, 16, 3, 3]),
    ]
    let window = Window(kernel: .init(3), padding: .init(padding))
    let bias = trace.input("bias", [1, 16, 1, 1])
    let first = x.convolution(filters[0], Window(kernel: .init(3), padding: .init(1))).tanh()
    let third = max(first.convolution(filters[1], window).tanh().convolution(filters[2], window) + bias, 0)
    let y = third.convolution(filters[3], Window(kernel: .init(3), stride: .init(2), padding: .init(1)))
    let loss = (y * y).mean().reshaped(.scalar)
    trace.output(y, as: "y")
    for gradient in try trace.gradients(of: loss, withRespectTo: [x, bias] + filters) {
      trace.output(gradient, as: "gradient")
    }
    try expectAgreement(of: trace.finish(), within: 2e-5) { $0.uniform(-0.2, 0.2) }
  }

  private func expectAgreement(
    of graph: Graph, within tolerance: Double, _ element: (inout RandomStream) -> Double,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    var stream = RandomStream(seed: 11, "values")
    let inputs = graph.inputs.map { input in
      let values = (0..<input.shape.elementCount).map { _ in element(&stream) }
      return Tensor(input.shape) { values[$0] }
    }
    let results = try ["reference", "cpu"].map { name in
      try backend(name).makeSession(SessionOptions(threads: 2)).compile(graph).run(inputs, step: 1)
    }
    expectClose(results[1], results[0], within: tolerance, sourceLocation: sourceLocation) { graph.outputs[$0].name }
  }

  @Test("a step whose guard is not finite changes no variable", arguments: ["cpu", "reference"])
  func guarded(name: String) throws {
    let weight = Variable(name: "w", shape: [3], role: .weight)
    let trace = Trace()
    let x = trace.input("x", [3])
    let loss = (trace.variable(weight) * x).total()
    trace.assign(trace.variable(weight) - x, to: weight)
    trace.output(loss, as: "loss")
    trace.guardAssignments(by: loss)
    let session = try backend(name).makeSession(SessionOptions())
    try session.write(Tensor([3]) { _ in 1 }, to: weight)
    let program = try session.compile(try trace.finish())
    #expect(try program.run([Tensor([3]) { _ in .infinity }], step: 1)[0].doubles[0] == .infinity)
    #expect(try session.read(weight).doubles == [1, 1, 1])
    _ = try program.run([Tensor([3]) { _ in 0.5 }], step: 2)
    #expect(try session.read(weight).doubles == [0.5, 0.5, 0.5])
  }

  @Test("variables exchanged by one step are both read before either is written", arguments: ["cpu", "reference"])
  func exchanged(name: String) throws {
    let (a, b) = (
      Variable(name: "a", shape: [2, 3], role: .weight), Variable(name: "b", shape: [3, 2], role: .weight)
    )
    let trace = Trace()
    trace.assign(trace.variable(b).transposed(), to: a)
    trace.assign(trace.variable(a).transposed(), to: b)
    let session = try backend(name).makeSession(SessionOptions())
    try session.write(Tensor([2, 3]) { Double($0) }, to: a)
    try session.write(Tensor([3, 2]) { Double(10 + $0) }, to: b)
    _ = try session.compile(try trace.finish()).run([], step: 1)
    #expect(try session.read(a).doubles == [10, 12, 14, 11, 13, 15])
    #expect(try session.read(b).doubles == [0, 3, 1, 4, 2, 5])
  }

  @Test("calls that do not fit say what was expected")
  func refusals() throws {
    let session = try backend("cpu").makeSession(SessionOptions())
    let weight = Variable(name: "w", shape: [3], role: .weight)
    #expect(throws: ExecutionError.unknownVariable(name: "w")) { try session.read(weight) }
    #expect(throws: ExecutionError.wrongVariableShape(name: "w", expected: [3], found: [4])) {
      try session.write(Tensor([4]) { _ in 0 }, to: weight)
    }
    let trace = Trace()
    trace.output(trace.variable(weight) * trace.input("x", [3]), as: "y")
    let graph = try trace.finish()
    #expect(throws: ExecutionError.unknownVariable(name: "w")) { try session.compile(graph) }
    try session.write(Tensor([3]) { _ in 0 }, to: weight)
    let program = try session.compile(graph)
    #expect(throws: ExecutionError.wrongInputCount(expected: 1, found: 0)) { try program.run([], step: 1) }
    #expect(throws: ExecutionError.wrongInputShape(name: "x", expected: [3], found: [2])) {
      try program.run([Tensor([2]) { _ in 0 }], step: 1)
    }
  }

  @Test("bytes and whole numbers are taken as inputs", arguments: ["cpu", "reference"])
  func otherTypes(name: String) throws {
    let trace = Trace()
    trace.output(trace.input("x", [3]) * 2, as: "y")
    let program = try backend(name).makeSession(SessionOptions()).compile(try trace.finish())
    for elements in [Tensor.Elements.uint8([1, 2, 255]), .int32([1, 2, 255]), .float64([1, 2, 255])] {
      let x = try #require(Tensor([3], elements))
      #expect(try program.run([x], step: 1)[0].doubles == [2, 4, 510])
    }
  }
}
