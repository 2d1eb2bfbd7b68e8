import Execution
import Tensors
import Testing

/// What plans say of their kernels: kind, bytes and arithmetic.
struct KernelCostTests {
  private func costs(_ build: (Trace) -> Void) throws -> [KernelCost] {
    let trace = Trace()
    build(trace)
    let session = try backend("null").makeSession(SessionOptions())
    let graph = try trace.finish()
    for variable in graph.variables { try session.write(Tensor(variable.shape) { _ in 0 }, to: variable) }
    let plan = try session.compile(graph).plan
    #expect(plan.costs.count == plan.kernels.count, "a cost for each of \(plan.kernels)")
    return plan.costs
  }

  @Test("a loop reads each of its operands and writes its result once")
  func loop() throws {
    let costs = try costs { trace in
      let x = trace.input("x", [64, 32])
      trace.output((x * x + trace.input("bias", [32])).tanh().sum(over: [1]), as: "sums")
    }
    #expect(costs.map(\.kind) == ["loop"])
    #expect(costs.map(\.bytes) == [4 * (64 * 32 + 32 + 64)])
    #expect(costs.map(\.floatingPointOperations) == [0])
  }

  @Test("a product counts a multiplication and an addition a term", arguments: [false, true])
  func matmul(_ isTransposed: Bool) throws {
    let costs = try costs { trace in
      let x = isTransposed ? trace.input("x", [5, 7]).transposed([1, 0]) : trace.input("x", [7, 5])
      trace.output(x.matmul(trace.input("y", [5, 3])), as: "product")
    }
    let product = try #require(costs.first { $0.kind == "matmul" }, "\(costs)")
    #expect(product.floatingPointOperations == 2 * 7 * 5 * 3)
    #expect(product.bytes == 4 * (7 * 5 + 5 * 3 + 7 * 3))
  }

  @Test("a convolution counts its filter's elements for each element of its result")
  func convolution() throws {
    let costs = try costs { trace in
      let images = trace.input("images", [2, 6, 5, 7])
      let window = Window(kernel: Window.Pair(3), groups: 2)
      trace.output(images.convolution(trace.input("filters", [4, 3, 3, 3]), window), as: "convolution")
    }
    let convolution = try #require(costs.first { $0.kind == "convolution" }, "\(costs)")
    #expect(convolution.floatingPointOperations == Double(2 * (2 * 4 * 3 * 5) * (3 * 3 * 3)))
  }

  @Test("what Winograd's algorithm saves is not performed")
  func winograd() throws {
    let trace = Trace()
    let images = trace.input("images", [3, 16, 8, 6])
    let window = Window(kernel: Window.Pair(3), padding: Window.Pair(1))
    trace.output(images.convolution(trace.input("filters", [32, 16, 3, 3]), window), as: "convolution")
    let plan = try backend("cpu").makeSession(SessionOptions()).compile(trace.finish()).plan
    let index = try #require(plan.costs.firstIndex { $0.kind == "convolution" }, "\(plan)")
    let sums = Double(2 * 3 * 32 * 8 * 6 * 16 * 9)
    #expect(plan.costs[index].floatingPointOperations == sums)
    // Three images of two by two tiles, where the processor has registers for the kernels.
    let tiles = Double(2 * 36 * 3 * 2 * 2 * 32 * 16)
    #expect(plan.costs[index].performedOperations == (plan.kernels[index].contains("Winograd") ? tiles : sums))
  }

  @Test("a loop that writes a variable is an update")
  func update() throws {
    let weight = Variable(name: "w", shape: [256], role: .weight)
    let costs = try costs { $0.assign($0.variable(weight) * 0.5, to: weight) }
    #expect(costs.map(\.kind) == ["update"])
    #expect(costs.map(\.bytes) == [2 * 256 * 4])
  }
}
