import Execution
import Tensors
import Testing

/// The algebraic passes, each alone on a small graph: the text of what it makes, and that the reference backend computes the
/// same.
struct SimplificationTests {
  private let large: Shape = [4, 16, 2, 2]
  private let least = 256

  // MARK: - Constants and moves

  @Test("what depends on constants alone is one; neutral elements and double negations go")
  func constants() throws {
    let before = try traced { trace in
      let x = trace.input("x", [4])
      func raw(_ operation: Tensors.Operation, _ operands: [Value]) -> Value {
        trace.insert(operation, operands.map(\.id), operands[0].shape)
      }
      let (one, three) = (trace.constant(1).broadcast(to: [4]), trace.constant(3).broadcast(to: [4]))
      let two = raw(.binary(.subtract), [three, one])
      trace.output(raw(.binary(.multiply), [raw(.binary(.divide), [x, one]), one]), as: "x")
      trace.output(raw(.binary(.divide), [raw(.unary(.negate), [raw(.unary(.negate), [x])]), two]), as: "half")
      trace.output(raw(.binary(.add), [x, raw(.unary(.negate), [trace.input("y", [4])])]), as: "difference")
      trace.output(raw(.select, [two, x, one]), as: "selected")
      trace.output(raw(.binary(.less), [x, x]), as: "never")
      trace.output(two.sum(over: [0]), as: "eight")
    }
    let after = before.foldingConstants()
    #expect(
      after.description == """
        %0 [4] = input x
        %1 [] = constant 0.5
        %2 [4] = broadcast(%1)
        %3 [4] = multiply(%0, %2)
        %4 [4] = input y
        %5 [4] = subtract(%0, %4)
        %6 [] = constant 0.0
        %7 [4] = broadcast(%6)
        %8 [] = constant 8.0
        %9 [1] = broadcast(%8)
        return x: %0
        return half: %3
        return difference: %5
        return selected: %0
        return never: %7
        return eight: %9
        """)
    try expectSame(before, after)
  }

  @Test("no rule is right for finite numbers alone")
  func specialNumbers() throws {
    let before = try traced { trace in
      let x = trace.input("x", [40])
      func constant(_ number: Double) -> Value { trace.constant(number).broadcast(to: [40]) }
      func binary(_ binary: Tensors.Operation.Binary, _ a: Value, _ b: Value) -> Value {
        trace.insert(.binary(binary), [a.id, b.id], a.shape)
      }
      for number in [0.0, -0.0, 1, -1, 2, 3, .infinity, -.infinity, .nan] {
        for kind in Tensors.Operation.Binary.allCases {
          trace.output(binary(kind, x, constant(number)), as: "\(kind) \(number)")
          trace.output(binary(kind, constant(number), -x), as: "\(number) \(kind)")
        }
      }
      for kind in Tensors.Operation.Binary.allCases { trace.output(binary(kind, x, x), as: "\(kind)") }
    }
    let numbers = [0.0, -0.0, 1, -1, 0.3, .infinity, -.infinity, .nan]
    try expectSame(before, before.foldingConstants()) { numbers[$0.index(below: numbers.count)] }
  }

  @Test("chains of moves are one move, and moves that change nothing go")
  func moves() throws {
    let before = try traced { trace in
      let x = trace.input("x", [2, 6])
      func raw(_ operation: Tensors.Operation, _ x: Value, _ shape: Shape) -> Value {
        trace.insert(operation, [x.id], shape)
      }
      trace.output(raw(.reshape, raw(.reshape, x, [3, 4]), [2, 6]), as: "x")
      trace.output(raw(.reshape, raw(.reshape, x, [3, 4]), [12]), as: "flat")
      trace.output(raw(.transpose([1, 0]), raw(.transpose([1, 0]), x, [6, 2]), [2, 6]), as: "x again")
      let cube = raw(.reshape, x, [2, 3, 2])
      trace.output(raw(.transpose([1, 0, 2]), raw(.transpose([2, 0, 1]), cube, [2, 2, 3]), [2, 2, 3]), as: "turned")
      let part = x.slice(from: [0, 1], sizes: [2, 2], strides: [1, 3])
      trace.output(part.slice(from: [1, 1], sizes: [1, 1]), as: "element")
      trace.output(raw(.broadcast, raw(.reshape, raw(.reshape, part, [4]), [1, 4]), [3, 4]), as: "rows")
      trace.output(raw(.broadcast, raw(.broadcast, part, [5, 2, 2]), [5, 2, 2]), as: "many")
    }
    let after = before.foldingMoves()
    #expect(
      after.description == """
        %0 [2, 6] = input x
        %1 [12] = reshape(%0)
        %2 [2, 3, 2] = reshape(%0)
        %3 [2, 2, 3] = transpose [0, 2, 1](%2)
        %4 [2, 2] = slice from [0, 1] by [1, 3](%0)
        %5 [1, 1] = slice from [1, 4] by [1, 3](%0)
        %6 [1, 4] = reshape(%4)
        %7 [3, 4] = broadcast(%6)
        %8 [5, 2, 2] = broadcast(%4)
        return x: %0
        return flat: %1
        return x again: %0
        return turned: %3
        return element: %5
        return rows: %7
        return many: %8
        """)
    try expectSame(before, after)
  }

  // MARK: - Equal nodes

  @Test("equal nodes are one, sums and products in any order; assignments and other streams stay")
  func equalNodes() throws {
    let weights = ["v", "w"].map { Variable(name: $0, shape: [2], role: .weight) }
    let before = try traced { trace in
      let (x, y) = (trace.input("x", [2]), trace.input("y", [2]))
      let drawn = trace.random([2], stream: "a") + trace.random([2], stream: "b") * trace.random([2], stream: "a")
      trace.output((x + y) * (y + x) - (x - y) * (y - x) + drawn, as: "result")
      for weight in weights { trace.assign(x, to: weight) }
    }
    let after = before.mergingEqualNodes()
    let (a, b) = (RandomStream.identifier("a"), RandomStream.identifier("b"))
    #expect(
      after.description == """
        %0 [2] = input x
        %1 [2] = input y
        %2 [2] = random stream \(String(a, radix: 16))
        %3 [2] = random stream \(String(b, radix: 16))
        %4 [2] = multiply(%2, %3)
        %5 [2] = add(%2, %4)
        %6 [2] = add(%0, %1)
        %7 [2] = multiply(%6, %6)
        %8 [2] = subtract(%0, %1)
        %9 [2] = subtract(%1, %0)
        %10 [2] = multiply(%8, %9)
        %11 [2] = subtract(%7, %10)
        %12 [2] = add(%5, %11)
        %13 [2] = assign v :=(%0)
        %14 [2] = assign w :=(%0)
        return result: %12
        """)
  }

  // MARK: - Small factors

  @Test("functions of repeated small tensors are computed before they are repeated")
  func broadcasts() throws {
    let before = try traced { trace in
      let (s, t) = (trace.input("s", [16, 1, 1]), trace.input("t", [1, 16, 1, 1]))
      let x = trace.input("x", large)
      trace.output(x + (s.broadcast(to: large) * t.broadcast(to: large)).tanh(), as: "result")
    }
    let after = before.sinkingBroadcasts(leastElements: least)
    #expect(
      after.description == """
        %0 [16, 1, 1] = input s
        %1 [1, 16, 1, 1] = input t
        %2 [4, 16, 2, 2] = input x
        %3 [1, 16, 1, 1] = broadcast(%0)
        %4 [1, 16, 1, 1] = multiply(%1, %3)
        %5 [1, 16, 1, 1] = tanh(%4)
        %6 [4, 16, 2, 2] = broadcast(%5)
        %7 [4, 16, 2, 2] = add(%2, %6)
        return result: %7
        """)
    try expectSame(before, after)
  }

  @Test("several small factors are one, in sums that nothing else needs too")
  func factors() throws {
    let before = try traced { trace in
      let (s, t) = (trace.input("s", [16, 1, 1]), trace.input("t", [1, 16, 1, 1]))
      let (x, y, rate) = (trace.input("x", large), trace.input("y", large), trace.input("rate", .scalar))
      trace.output(x * s / t, as: "one factor")
      trace.output((x * s - (y * t + s)) * rate, as: "sum")
    }
    let after = before.mergingFactors(leastElements: least)
    #expect(
      after.description == """
        %0 [16, 1, 1] = input s
        %1 [1, 16, 1, 1] = input t
        %2 [4, 16, 2, 2] = input x
        %3 [4, 16, 2, 2] = input y
        %4 [] = input rate
        %5 [1, 16, 1, 1] = reciprocal(%1)
        %6 [1, 16, 1, 1] = broadcast(%0)
        %7 [1, 16, 1, 1] = multiply(%5, %6)
        %8 [4, 16, 2, 2] = broadcast(%7)
        %9 [4, 16, 2, 2] = multiply(%2, %8)
        %10 [16, 1, 1] = broadcast(%4)
        %11 [16, 1, 1] = multiply(%0, %10)
        %12 [4, 16, 2, 2] = broadcast(%11)
        %13 [4, 16, 2, 2] = multiply(%2, %12)
        %14 [1, 16, 1, 1] = broadcast(%4)
        %15 [1, 16, 1, 1] = multiply(%1, %14)
        %16 [4, 16, 2, 2] = broadcast(%15)
        %17 [4, 16, 2, 2] = multiply(%3, %16)
        %18 [4, 16, 2, 2] = add(%12, %17)
        %19 [4, 16, 2, 2] = subtract(%13, %18)
        return one factor: %9
        return sum: %19
        """)
    try expectSame(before, after, within: 1e-14)
  }

  @Test("sums with small terms keep their order, and sums needed elsewhere their factor")
  func factorsThatStay() throws {
    let before = try traced { trace in
      let (s, t) = (trace.input("s", [16, 1, 1]), trace.input("t", [16, 1, 1]))
      let x = trace.input("x", large)
      trace.output(x - s + t, as: "centred")
      let sum = x * s + t
      trace.output(sum * t, as: "scaled")
      trace.output(sum, as: "sum")
      trace.output(trace.input("y", [2, 16]) * trace.input("u", [16]) * trace.input("v", [16]), as: "not large")
    }
    #expect(
      before.mergingFactors(leastElements: least).mergingEqualNodes().description
        == before.mergingEqualNodes().description)
  }

  @Test("what all terms of a sum are multiplied by is multiplied to the sum")
  func hoisting() throws {
    let before = try traced { trace in
      let (s, t) = (trace.input("s", [16, 1, 1]), trace.input("t", [1, 16, 1, 1]))
      let (x, y) = (trace.input("x", large), trace.input("y", large))
      let axes = [0, 2, 3]
      trace.output((x * s * y).sum(over: axes), as: "first")
      trace.output((-(y * t) * (x / s)).sum(over: axes), as: "second")
      trace.output((x * s).sum(over: [1]), as: "not the same for all")
      trace.output(s.broadcast(to: large).sum(over: axes), as: "repeated")
    }
    let after = before.hoistingFactors(leastElements: least)
    let sums = after.nodes.filter { $0.operation == .reduce(.sum, axes: [0, 2, 3]) }
    #expect(sums.count == 1 && after[sums[0].operands[0]].operation == .binary(.multiply), "\(after)")
    #expect(after.nodes.contains { $0.operation == .reduce(.sum, axes: [1]) }, "\(after)")
    try expectSame(before, after, within: 1e-12)
  }

  // MARK: - All passes together

  @Test("batch normalisation takes two sums forward and two back")
  func batchNormalisation() throws {
    let weights = [[8, 16, 3, 3], [16], [16]].map { Variable(name: "\($0)", shape: Shape($0), role: .weight) }
    let before = try traced { trace in
      let x = trace.input("x", large)
      let (scale, shift) = (trace.input("scale", [16]), trace.input("shift", [16]))
      let normalized = x.normalized(over: [0, 2, 3], epsilon: 1e-5).normalized
      let y = normalized * scale.alongChannels(ofRank: 4) + shift.alongChannels(ofRank: 4)
      let loss = (max(y, 0) * trace.input("mask", large)).total()
      let gradients = try trace.gradients(of: loss, withRespectTo: [x, scale, shift])
      for (index, gradient) in gradients.enumerated() { trace.output(gradient, as: "\(weights[index].name)") }
    }.lowered()
    let after = try before.simplified(leastElements: least)
    func sums(_ graph: Graph) -> Int {
      graph.nodes.count { if case .reduce(.sum, _) = $0.operation { true } else { false } }
    }
    #expect(sums(before) == 6 && sums(after) == 4, "\(before)\nbecame\n\(after)")
    let largeWork = { (graph: Graph) in
      graph.nodes.count { node in
        if case .binary = node.operation { node.shape == large } else { false }
      }
    }
    #expect(largeWork(after) <= largeWork(before) - 3, "\(after)")
    try expectSame(before, after, within: 1e-9)
    #expect(try after.simplified(leastElements: least).description == after.description)
  }

  @Test("random programs keep their results", arguments: 0..<30)
  func randomPrograms(seed: Int) throws {
    var stream = RandomStream(seed: UInt64(seed), "program")
    let before = try traced { trace in
      let shapes: [Shape] = [large, large, [16, 1, 1], [1, 16, 1, 1], .scalar]
      var pool = shapes.enumerated().map { trace.input("x\($0)", $1) } + [trace.constant(0.25), trace.constant(-3)]
      for _ in 0..<16 {
        let (a, b) = (pool[stream.index(below: pool.count)], pool[stream.index(below: pool.count)])
        switch stream.index(below: 8) {
        case 0: pool.append(a + b)
        case 1: pool.append(a - b)
        case 2, 3: pool.append(a * b)
        case 4: pool.append(a / (b * b + 1))
        case 5: pool.append(-a)
        case 6: pool.append(a.shape.rank == 4 ? a.mean(over: [0, 2, 3]) : a)
        default: pool.append((a .< b).select(a, b))
        }
        pool[pool.count - 1] = pool[pool.count - 1] * 0.5
      }
      for (index, value) in pool.suffix(3).enumerated() { trace.output(value, as: "\(index)") }
    }
    try expectSame(before, before.simplified(leastElements: least), within: 1e-10)
  }
}
