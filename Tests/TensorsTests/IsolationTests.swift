import Tensors
import Testing

@Suite struct IsolationTests {
  @Test func aNodeAloneHasItsOperandsAsInputs() throws {
    let trace = Trace()
    let x = trace.input("x", [2, 3])
    let y = trace.input("y", [3, 2])
    trace.output(x.matmul(y), as: "z")
    let graph = try trace.finish()
    let alone = graph.isolating(graph.outputs[0].node)
    #expect(
      alone.description == """
        %0 [2, 3] = input operand 0
        %1 [3, 2] = input operand 1
        %2 [2, 2] = matmul(%0, %1)
        return result: %2
        """)
    try alone.verify(after: "isolation")
  }

  @Test func whatStandsForItselfKeepsItsNameAlone() throws {
    let trace = Trace()
    let first = Variable(name: "first", shape: [2], role: .weight)
    let second = Variable(name: "second", shape: [3], role: .weight)
    trace.output(trace.variable(first), as: "first")
    trace.assign(trace.variable(second) * trace.input("factor", [3]), to: second)
    let graph = try trace.finish()
    for id in graph.nodes.indices {
      let alone = graph.isolating(id)
      try alone.verify(after: "isolation")
      switch graph[id].operation {
      case .variable(let index): #expect(alone.variables == [graph.variables[index]] && alone.inputs.isEmpty)
      case .assign(let index):
        #expect(alone.variables == [graph.variables[index]] && alone.inputs.map(\.shape) == [[3]])
        #expect(alone.assignments == [1])
      case .input: #expect(alone.inputs.map(\.name) == ["factor"] && alone.variables.isEmpty)
      default: #expect(alone.inputs.count == 2 && alone.variables.isEmpty)
      }
    }
  }
}
