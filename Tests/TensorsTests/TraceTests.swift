import Tensors
import Testing

@Suite struct TraceTests {
  @Test func equalNodesAreAddedOnce() {
    let trace = Trace()
    let x = trace.input("x", [3])
    #expect((x + 1).id == (x + 1).id)
    #expect(trace.input("x", [3]).id == x.id)
    let count = trace.graph.nodes.count
    _ = x + 1
    #expect(trace.graph.nodes.count == count)
  }

  @Test func whatIsWrittenIsTraced() {
    let trace = Trace()
    let x = trace.input("x", [3])
    let images = trace.input("images", [1, 2, 4, 4])
    let window = Window(kernel: .init(2), stride: .init(2))
    let values = [
      ("x", x), ("x + 0", x + 0), ("0 + x", 0 + x), ("x − 0", x - 0), ("0 − x", 0 - x), ("−x", -x), ("x·1", x * 1),
      ("1·x", 1 * x), ("x·−1", x * -1), ("x/1", x / 1), ("x¹", x.raised(to: 1)), ("x²", x.raised(to: 2)),
      ("x·x", x.squared()), ("reshape", x.reshaped([3])), ("two reshapes", x.reshaped([3, 1]).reshaped([3])),
      ("no padding", x.padded(low: [0], high: [0])), ("no transposition", x.transposed([0])),
      ("broadcast to its own shape", x.broadcast(to: [3])), ("a sum over one", x.reshaped([3, 1]).sum(over: [1])),
      ("a constant", trace.constant(6)), ("of constants", trace.constant(2) * trace.constant(3)),
      ("a root", trace.constant(36).squareRoot()), ("detached", trace.constant(6).detached()),
      ("zero", trace.constant(0)), ("−0", trace.constant(-0.0)), ("another −0", trace.constant(-0.0)),
      ("relu", max(images, 0)), ("pooled", images.maxPool(window)), ("relu pooled", max(images, 0).maxPool(window)),
    ]
    #expect(Set(values.map(\.1.id)).count == values.count)
    #expect(trace.graph[max(images, 0).maxPool(window).id].operands == [max(images, 0).id])
  }

  @Test func theFirstMistakeIsKeptAndThrownOnce() throws {
    let trace = Trace()
    let (x, y) = (trace.input("x", [2]), trace.input("y", [3]))
    let stand = x + y
    #expect(stand.shape == [2])
    _ = x.matmul(y)
    #expect(trace.problem == ShapeError("cannot add shapes [2] and [3]"))
    #expect(throws: ShapeError("cannot add shapes [2] and [3]")) { try trace.check() }
    try trace.check()
  }

  @Test(arguments: [
    ("select", "cannot select by [4] between [2] and [3]"), ("flatten", "cannot flatten a scalar"),
    ("assign", "'v' has shape [2], and cannot become [3]"), ("declare", "'v' is declared with shapes [2] and [3]"),
    ("axis", "sum over [1] names axes that [2] does not have"), ("reshape", "[2] has 2 elements, [3] has 3"),
  ])
  func mistakesNameBothShapes(_ mistake: String, _ message: String) {
    let trace = Trace()
    let (a, b, c) = (trace.input("a", [2]), trace.input("b", [3]), trace.input("c", [4]))
    let variable = Variable(name: "v", shape: [2], role: .weight)
    switch mistake {
    case "select": _ = c.select(a, b)
    case "flatten": _ = trace.constant(1).flattened()
    case "assign": trace.assign(b, to: variable)
    case "declare":
      _ = trace.variable(variable)
      _ = trace.variable(Variable(name: "v", shape: [3], role: .weight))
    case "axis": _ = a.sum(over: [1])
    default: _ = a.reshaped([3])
    }
    #expect(trace.problem?.description == message)
    #expect(throws: ShapeError.self) { try trace.finish() }
  }

  @Test func aTraceHasABudget() {
    let trace = Trace()
    var x = trace.input("x", [2])
    for _ in 0..<2 * Trace.nodeBudget { x = x + 1 }
    #expect(trace.problem?.description.contains("more than \(Trace.nodeBudget) operations") == true)
    #expect(trace.graph.nodes.count <= Trace.nodeBudget + 1)
    #expect(x.shape == [2])
    #expect(throws: ShapeError.self) { try trace.finish() }
  }

  @Test func nodesThatNothingNeedsAreLeftOut() throws {
    let trace = Trace()
    let x = trace.input("x", [3])
    let unused = x.exponential()
    let kept = x.tanh()
    _ = (unused + kept).sum()
    trace.output(kept, as: "y")
    let variable = Variable(name: "v", shape: [3], role: .statistic)
    trace.assign(x.sine(), to: variable)
    let graph = try trace.finish()
    #expect(
      graph.description == """
        %0 [3] = input x
        %1 [3] = tanh(%0)
        %2 [3] = sine(%0)
        %3 [3] = assign v :=(%2)
        return y: %1
        """)
    #expect(graph.removingDeadNodes().nodes == graph.nodes)
  }

  @Test func scopesMakePathsAndFirstValues() throws {
    let model = ModelTrace(Trace(), phase: .training) { shape, fan, stream in
      Tensor(shape) { _ in Double(fan.input) + stream.uniform() }
    }
    let scope = Scope(model).child("3").child("conv")
    let weight = scope.parameter("weight", [2, 5], fan: Fan(input: 5, output: 2))
    _ = scope.parameter("bias", [2], role: .bias)
    _ = scope.parameter("scale", [2], role: .scale)
    _ = scope.statistic("mean", [2], initially: 4)
    #expect(scope.parameter("weight", [2, 5], fan: Fan(input: 5, output: 2)).id == weight.id)
    #expect(model.variables.map(\.name) == ["3.conv.weight", "3.conv.bias", "3.conv.scale", "3.conv.mean"])
    let values = model.variables.map { model.initialValue(of: $0, seed: 1)?.doubles ?? [] }
    #expect(values[0].allSatisfy { $0 >= 5 && $0 < 6 } && Set(values[0]).count == 10)
    #expect(values[1...] == [[0, 0], [1, 1], [4, 4]])
    #expect(model.initialValue(of: model.variables[0], seed: 1)?.doubles == values[0])
    #expect(model.initialValue(of: model.variables[0], seed: 2)?.doubles != values[0])
    #expect(model.initialValue(of: Variable(name: "x", shape: [1], role: .bias), seed: 1) == nil)
    try model.trace.check()
    _ = scope.parameter("weight", [5, 2])
    #expect(throws: ShapeError("'3.conv.weight' is declared with shapes [2, 5] and [5, 2]")) { try model.trace.check() }
  }

  @Test func theLastLayerIsTheOneWithTheLastWeight() {
    let model = ModelTrace(Trace(), phase: .training) { shape, _, _ in Tensor(shape) { _ in 0 } }
    for layer in ["0", "2"] {
      _ = Scope(model).child(layer).parameter("weight", [2])
      _ = Scope(model).child(layer).parameter("bias", [2], role: .bias)
    }
    _ = Scope(model).child("20").parameter("weight", [2], role: .scale)
    #expect(model.variables.filter(model.isOfLastLayer).map(\.name) == ["2.weight", "2.bias"])
  }

  @Test func statisticsChangeInTrainingAlone() throws {
    for phase in [Scope.Phase.training, .inference] {
      let model = ModelTrace(Trace(), phase: phase) { shape, _, _ in Tensor(shape) { _ in 0 } }
      let scope = Scope(model)
      scope.update("mean", to: scope.statistic("mean", [2], initially: 0) + 1)
      #expect(try model.trace.finish().assignments.count == (phase == .training ? 1 : 0), "\(phase)")
    }
  }
}
