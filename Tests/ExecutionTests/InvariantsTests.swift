import Execution
import Tensors
import Testing

/// The invariants that debug builds check hold of what planning makes, and find what breaks them.
struct InvariantsTests {
  /// Puts channels into blocks of 4, and multiplies in bfloat16.
  private struct Blocks: KernelLibrary {
    func prepare(_ graph: Graph) throws(VerificationError) -> Graph { try ChannelBlocking(block: 4) { $0 <= 3 }(graph) }
    func makeKernel(_ node: LibraryNode) -> (any Kernel)? { nil }
    func multipliesNarrow(_ node: Graph.Node, operands: [StoredShape]) -> Bool { true }
    func fuses(_ epilogue: Epilogue, into node: Graph.Node, operands: [StoredShape]) -> Bool { true }
  }

  /// Convolutions, pools and a dense end, with the gradients that change their variables.
  private func network() throws -> Graph {
    let filters = [
      Variable(name: "a", shape: [8, 3, 3, 3], role: .weight), Variable(name: "b", shape: [8, 8, 3, 3], role: .weight),
      Variable(name: "c", shape: [128, 5], role: .weight),
    ]
    return try traced { trace in
      var x = trace.input("x", [2, 3, 8, 8])
      for variable in filters.dropLast() {
        x = x.convolution(trace.variable(variable), Window(kernel: .init(3), padding: .init(1)))
        x = max(x.normalized(over: [0, 2, 3], epsilon: 1e-3).normalized, 0)
      }
      x = x.maxPool(Window(kernel: .init(2), stride: .init(2))).reshaped([2, 128])
      let loss = x.matmul(trace.variable(filters[2])).raised(to: 2).total()
      trace.output(loss, as: "loss")
      trace.guardAssignments(by: loss)
      let gradients = try trace.gradients(of: loss, withRespectTo: filters.map(trace.variable))
      for (variable, gradient) in zip(filters, gradients) {
        trace.assign(trace.variable(variable) - 0.1 * gradient, to: variable)
      }
    }
  }

  @Test("they hold of random programs and of a network's step", arguments: Precision.allCases, 0..<12)
  func hold(_ precision: Precision, seed: Int) throws {
    for graph in [try RandomGraph(seed: UInt64(seed), rows: 5).graph, try network()] {
      for plan in [try Plan(graph), try Plan(graph, Blocks(), precision)] {
        #expect(!plan.steps.isEmpty)
        #expect(plan.violation == nil)
        #expect(plan.steps.flatMap(\.work.loops).compactMap(\.violation) == [])
        #expect(try Clusters(Roles(plan.graph)).violation == nil)
      }
    }
  }

  // MARK: - Storage

  /// Two products that the third needs.
  private func products() throws -> Plan {
    try Plan(
      traced { trace in
        let x = trace.input("x", [4, 4])
        trace.output(x.matmul(x).matmul(x.matmul(x.transposed())), as: "y")
      })
  }

  @Test("a result that lies where another is still needed")
  func sharedWhileInUse() throws {
    var plan = try products()
    let results = plan.steps.flatMap(\.writes).filter { plan.graph[$0].operation.title.hasPrefix("matmul") }
    try #require(results.count == 3 && plan.violation == nil)
    plan.storage[results[1]] = plan.storage[results[0]]
    #expect(plan.violation?.hasSuffix("reads %\(results[0]), which is not there") == true, "\(plan.violation ?? "")")
    // The last product writes over a factor that it reads.
    plan = try products()
    plan.storage[results[2]] = plan.storage[results[1]]
    #expect(plan.violation?.contains("writes %\(results[2]) over %\(results[1])") == true, "\(plan.violation ?? "")")
  }

  @Test("a result without storage, and one that is lost before the end")
  func lost() throws {
    var plan = try products()
    let first = try #require(plan.steps.first?.writes.first)
    plan.storage[first] = nil
    #expect(plan.violation == "step 0 writes %\(first), which has no place")
    plan = try Plan(
      traced { trace in
        let x = trace.input("x", [4, 4])
        trace.output(x.matmul(x), as: "y")
        trace.output(x.matmul(x.transposed()), as: "z")
      })
    let outputs = plan.graph.outputs.map(\.node)
    plan.storage[outputs[1]] = plan.storage[outputs[0]]
    #expect(plan.violation == "%\(outputs[0]) is a result, and is not there at the end")
  }

  @Test("a variable that changes before its old value is read")
  func early() throws {
    let weight = Variable(name: "w", shape: [4, 4], role: .weight)
    var plan = try Plan(
      traced { trace in
        let w = trace.variable(weight)
        trace.assign(w.transposed() * 0.5, to: weight)
      })
    try #require(plan.violation == nil && plan.deferredAssignments.count == 1)
    plan.storage[plan.deferredAssignments[0].result] = .variable(0)
    #expect(plan.violation?.contains("while it reads that") == true, "\(plan.violation ?? "")")
  }

  @Test("an arena whose allocations overlap while both are in use, are not aligned, or leave it")
  func arena() {
    let allocations = [
      Allocation(bytes: 256, firstUse: 0, lastUse: 1), Allocation(bytes: 100, firstUse: 1, lastUse: 2),
      Allocation(bytes: 64, firstUse: 2, lastUse: 3),
    ]
    var layout = ArenaLayout(allocations)
    #expect(layout.offsets == [0, 256, 0] && layout.violation(of: allocations) == nil)
    layout.offsets[1] = 192
    #expect(layout.violation(of: allocations) == "allocations 0 and 1 share bytes while both are in use")
    layout.offsets[1] = 264
    #expect(layout.violation(of: allocations) == "allocation 1 begins at 264")
    layout.offsets[1] = 320
    #expect(layout.violation(of: allocations) == "allocation 1 leaves the arena")
    #expect(layout.violation(of: []) == "0 allocations at 3 places")
  }

  // MARK: - Loops

  @Test("clusters that wait for each other")
  func cycle() throws {
    let graph = try traced { trace in
      let x = trace.input("x", [4, 4])
      trace.output(x.tanh().matmul(x).tanh(), as: "y")
    }
    var clusters = Clusters(try Roles(graph))
    let tanhs = graph.nodes.indices.filter { graph[$0].operation == .unary(.tanh) }
    try #require(tanhs.count == 2 && clusters.violation == nil)
    // Both loops as one: the product would stand before and after it.
    clusters.clusterOfNode[tanhs[1]] = clusters.clusterOfNode[tanhs[0]]
    #expect(clusters.violation?.hasSuffix("wait for each other") == true)
  }

  @Test("an instruction that reads what is not there before it", arguments: [0, 1, 2, 9])
  func registers(_ register: Int) throws {
    let plan = try Plan(
      traced { trace in
        let x = trace.input("x", [4, 4])
        trace.output(x.tanh().exponential().sigmoid(), as: "y")
      })
    var loop = try #require(plan.steps.first?.work.loops.first)
    try #require(loop.violation == nil && loop.instructions.count == 3)
    loop.instructions[0] = .unary(.tanh, .register(register))
    #expect(loop.violation?.hasPrefix("instruction 0, ") == true)
    // What is stored was the last instruction's.
    loop = try #require(plan.steps.first?.work.loops.first)
    loop.instructions.removeLast()
    #expect(loop.violation?.hasSuffix("is stored or reduced, and is not there") == true)
    for operand in [FusedLoop.Operand.load(1), .uniform(0)] {
      loop.instructions[1] = .unary(.tanh, operand)
      #expect(loop.violation?.hasPrefix("instruction 1, ") == true)
    }
  }
}
