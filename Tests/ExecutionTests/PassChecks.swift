import Execution
import Tensors
import Testing

/// The graph that `build` writes.
func traced(_ build: (Trace) throws -> Void) throws -> Graph {
  let trace = Trace()
  try build(trace)
  return try trace.finish()
}

/// Expects that the reference backend, which runs a graph as it is, computes the same with what a pass made of it: outputs,
/// and variables afterwards.
func expectSame(
  _ before: Graph, _ after: Graph, within tolerance: Double = 0,
  _ element: (inout RandomStream) -> Double = { $0.uniform(0.5, 2) },
  sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let results = try withoutActuallyEscaping(element) { element in
    (try run(before, before.variables, element), try run(after, before.variables, element))
  }
  #expect(results.0.count == results.1.count && !results.0.isEmpty, sourceLocation: sourceLocation)
  for (index, (expected, found)) in zip(results.0, results.1).enumerated() {
    let isSame = zip(expected.doubles, found.doubles).allSatisfy { a, b in
      a.bitPattern == b.bitPattern || a.isNaN && b.isNaN || abs(a - b) <= tolerance * max(abs(a), abs(b), 1)
    }
    #expect(
      isSame && expected.shape == found.shape, "result \(index) of\n\(after)\nfrom\n\(before)",
      sourceLocation: sourceLocation)
  }
}

private func run(
  _ graph: Graph, _ variables: [Variable], _ element: @escaping (inout RandomStream) -> Double
) throws -> [Tensor] {
  var stream = RandomStream(seed: 5, "values")
  let inputs = graph.inputs.map { input in Tensor(input.shape) { _ in element(&stream) } }
  let session = try backend("reference").makeSession(SessionOptions(seed: 1))
  for variable in variables { try session.write(Tensor(variable.shape) { _ in element(&stream) }, to: variable) }
  return try session.compile(graph).run(inputs, step: 1) + variables.map { try session.read($0) }
}
