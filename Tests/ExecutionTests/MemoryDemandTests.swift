import Execution
import Tensors
import Testing

@Suite struct MemoryDemandTests {
  /// Terabytes, none of which may be taken: a product, and a result that no product makes.
  private static func graphs() throws -> [(title: String, graph: Graph)] {
    try [
      ("product", { $0.input("a", [1 << 19, 1 << 10]).matmul($0.input("b", [1 << 10, 1 << 20])) }),
      ("loop", { $0.input("a", [1 << 20, 1]) + $0.input("b", [1, 1 << 20]) }),
    ].map { (title: String, write: (Trace) -> Value) in
      let trace = Trace()
      trace.output(write(trace), as: "y")
      return (title, try trace.finish())
    }
  }

  @Test func matricesThatAreNotCounted() throws {
    for (first, second): (Shape, Shape) in [([1, 1 << 31], [1 << 31, 1]), ([1 << 31, 1], [1, 1])] {
      let trace = Trace()
      trace.output(trace.input("a", first).matmul(trace.input("b", second)), as: "y")
      let graph = try trace.finish()
      let error = #expect(throws: ExecutionError.self) {
        try CPUBackend().makeSession(SessionOptions()).compile(graph)
      }
      #expect(error?.description.contains("has more than 2147483647 rows or columns") == true)
    }
  }

  @Test("a program that does not fit into memory is not compiled", arguments: ["cpu", "reference"])
  func refused(_ backend: String) throws {
    for (title, graph) in try Self.graphs() {
      let session: any Session =
        backend == "cpu"
        ? CPUBackend().makeSession(SessionOptions()) : ReferenceBackend().makeSession(SessionOptions())
      let error = #expect(throws: MemoryError.self, "\(title)") { try session.compile(graph) }
      #expect(error.map { $0.needed > 1 << 40 } == true, "\(title): \(String(describing: error))")
    }
  }
}
