import Execution
import Tensors
import Testing

/// Planning, seen through the null backend: which kernels there are, and how much memory.
struct PlanningTests {
  private func plan(_ build: (Trace) -> Void) throws -> PlanSummary {
    let trace = Trace()
    build(trace)
    let session = try backend("null").makeSession(SessionOptions())
    let graph = try trace.finish()
    for variable in graph.variables { try session.write(Tensor(variable.shape) { _ in 0 }, to: variable) }
    return try session.compile(graph).plan
  }

  @Test("an elementwise chain with broadcasts and a trailing reduction is one loop")
  func oneLoop() throws {
    let plan = try plan { trace in
      let x = trace.input("x", [64, 32])
      let y = ((x + trace.input("bias", [32])).tanh() * 2).exponential()
      trace.output(y.sum(over: [1]), as: "sums")
    }
    #expect(plan.kernels == ["%9 [64, 1] = loop over [64, 32]: add, tanh, multiply, exponential, sum-reduction"])
    #expect(plan.arenaBytes == 256)
  }

  @Test("what a reduction gives is read by the loop after it")
  func softmax() throws {
    let plan = try plan { trace in
      let x = trace.input("x", [8, 10])
      let exponentials = (x - x.maximum(over: [1])).exponential()
      trace.output(exponentials / exponentials.sum(over: [1]), as: "softmax")
    }
    #expect(
      plan.kernels.map { $0.split(separator: " = ")[1] } == [
        "loop over [8, 10]: maximum-reduction", "loop over [8, 10]: subtract, exponential, sum-reduction",
        "loop over [8, 10]: divide",
      ])
  }

  @Test("results that are not alive at the same time share memory")
  func sharedMemory() throws {
    let plan = try plan { trace in
      var x = trace.input("x", [64, 64])
      for _ in 0..<6 { x = x.matmul(x).tanh() }
      trace.output(x, as: "x")
    }
    #expect(plan.arenaBytes == 2 * 64 * 64 * 4)
    #expect(plan.unsharedBytes == 12 * 64 * 64 * 4)
  }

  @Test("a variable is updated in place unless a later step reads its old value")
  func inPlace() throws {
    let weight = Variable(name: "w", shape: [256], role: .weight)
    let plain = try plan { trace in
      trace.assign(trace.variable(weight) * 0.5, to: weight)
    }
    #expect(plain.arenaBytes == 0)
    let other = Variable(name: "v", shape: [2, 256], role: .weight)
    let crossing = try plan { trace in
      let halved = trace.variable(weight) * 0.5
      trace.assign(halved, to: weight)
      trace.assign(
        trace.variable(other).matmul(trace.variable(weight).reshaped([256, 1])).broadcast(to: [2, 256]), to: other)
    }
    // The product, and both updates at once.
    #expect(crossing.kernels.count == 2)
  }

  @Test("updates are one step, but for those that read what another writes")
  func groupedUpdates() throws {
    let names = ["a", "b", "c", "d"]
    let variables = names.enumerated().map { Variable(name: $1, shape: [10 * $0 + 10], role: .weight) }
    func kernels(_ update: ([Value]) -> [Value]) throws -> [Substring] {
      try plan { trace in
        for (variable, value) in zip(variables, update(variables.map(trace.variable))) {
          trace.assign(value, to: variable)
        }
      }.kernels.map { $0.split(separator: ":")[0] }
    }
    #expect(try kernels { $0.map { $0 * 0.5 } } == ["4 variables = 4 loops over 100 elements"])
    // The last reads the third, whose new value so waits beside it.
    let read = try kernels { values in
      values.dropLast().map { $0 * 0.5 } + [values[3] + values[2].slice(from: [0], sizes: [1])]
    }
    #expect(read.count == 3 && read[0] == "2 variables = 2 loops over 30 elements", "\(read)")
  }

  @Test("what is cheap to compute of what lies in storage anyway is computed again, not stored")
  func inlined() throws {
    let weight = Variable(name: "w", shape: [32, 32], role: .weight)
    let plan = try plan { trace in
      let w = trace.variable(weight)
      let y = max(trace.input("x", [64, 32]).matmul(w), 0)
      let loss = (y.matmul(w) * y).total()
      guard let gradient = try? trace.gradients(of: loss, withRespectTo: [w]).first else { return }
      trace.output(gradient, as: "gradient")
    }
    // The relu's mask is made of its result where the gradient passes it.
    let loops = plan.kernels.filter { $0.contains("loop over") }
    #expect(loops.first?.hasSuffix("maximum") == true, "\(loops)")
    #expect(loops.dropFirst().contains { $0.contains("less") && $0.contains("select") }, "\(loops)")
    #expect(!plan.kernels.contains { $0.contains("= loop") && $0.contains("maximum, less") }, "\(loops)")
  }

  @Test("views cost nothing")
  func views() throws {
    let plan = try plan { trace in
      let x = trace.input("x", [6, 8])
      trace.output(x.transposed().reshaped([8, 6]).slice(from: [1, 0], sizes: [4, 3], strides: [2, 2]) + 1, as: "y")
    }
    #expect(plan.kernels == ["%5 [4, 3] = loop over [4, 3]: add"])
  }

  @Test("a plan does not depend on anything but the graph")
  func deterministic() throws {
    for seed in 0..<5 {
      let graph = try RandomGraph(seed: UInt64(seed), rows: 9)
      let plans = try (0..<2).map { _ in
        let session = try backend("null").makeSession(SessionOptions())
        for (variable, value) in graph.values { try session.write(value, to: variable) }
        return try session.compile(graph.graph).plan
      }
      #expect(plans[0] == plans[1])
    }
  }
}
