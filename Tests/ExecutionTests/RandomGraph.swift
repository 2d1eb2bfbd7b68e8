import Execution
import Tensors

/// A random program over smooth primitives, with variables that it updates: what fusion, views, in-place storage and threads
/// must not get wrong.
struct RandomGraph {
  let graph: Graph
  let values: [(variable: Variable, value: Tensor)]
  let inputs: [Tensor]

  /// The same graph for the same seed. `rows` × 12 elements at most times: large ones run on several threads.
  init(seed: UInt64, rows: Int) throws {
    var stream = RandomStream(seed: seed, "graph")
    let trace = Trace()
    let shapes: [Shape] = [[rows, 12], [rows, 1], [1, 12], [12], [rows, 3, 4]]
    func pick(_ count: Int) -> Int { stream.index(below: count) }
    var inputs: [Tensor] = []
    var values: [(variable: Variable, value: Tensor)] = []
    var pool: [Value] = []
    for (index, shape) in shapes.enumerated() {
      let variable = Variable(name: "v\(index)", shape: shape, role: .weight)
      values.append((variable, Tensor(shape) { _ in stream.uniform(-1, 1) }.converted(to: .float32)))
      pool.append(trace.variable(variable))
      inputs.append(Tensor(shape) { _ in stream.uniform(-1, 1) }.converted(to: .float32))
      pool.append(trace.input("x\(index)", shape))
    }
    for _ in 0..<24 {
      let x = pool[pick(pool.count)]
      switch pick(12) {
      case 0: pool.append(x.tanh())
      case 1: pool.append(x.sigmoid() * 0.5)
      case 2: pool.append(x.sum(over: [pick(x.shape.rank)]) / Double(rows + 12))
      case 3: pool.append(x.maximum(over: [x.shape.rank - 1]))
      case 4 where x.shape.rank == 2: pool.append(x.transposed().tanh().transposed())
      case 5 where x.shape.rank == 2: pool.append(x.transposed())
      case 6 where x.shape.rank == 2: pool.append(x.matmul(x.transposed()).tanh().matmul(x) / Double(rows + 12))
      case 7 where x.shape[0] > 2:
        var sizes = x.shape
        sizes[0] = (x.shape[0] + 1) / 2
        pool.append(
          x.slice(
            from: x.shape.sizes.map { _ in 0 }, sizes: sizes, strides: [2] + x.shape.sizes.dropFirst().map { _ in 1 }))
      case 8: pool.append(x.reshaped([x.shape.elementCount]))
      case 9: pool.append((x .< 0.1).select(x * 0.25, x + 0.5))
      case 10: pool.append(x * trace.random(x.shape, stream: "r\(pick(3))"))
      default:
        let partners = pool.filter { $0.shape.broadcast(with: x.shape).map { $0.elementCount <= rows * 12 } ?? false }
        let y = partners.isEmpty ? x : partners[pick(partners.count)]
        pool.append([x + y, x - y, x * y, Tensors.max(x, y)][pick(4)] * 0.5)
      }
    }
    for (variable, _) in values {
      let candidates = pool.filter { $0.shape == variable.shape }
      trace.assign(candidates[pick(candidates.count)].tanh(), to: variable)
    }
    for index in 0..<4 { trace.output(pool[pool.count - 1 - 2 * index], as: "y\(index)") }
    graph = try trace.finish()
    self.values = values
    let names = graph.inputs.map(\.name)
    self.inputs = names.compactMap { name in shapes.indices.first { name == "x\($0)" }.map { inputs[$0] } }
  }

  /// The outputs of some steps and the variables after them.
  func run(on backend: any Backend, threads: Int, steps: UInt64 = 2) throws -> [Tensor] {
    let session = try backend.makeSession(SessionOptions(threads: threads, seed: 5))
    for (variable, value) in values { try session.write(value, to: variable) }
    let program = try session.compile(graph)
    var results: [Tensor] = []
    for step in 1...steps { results += try program.run(inputs, step: step) }
    return try results + values.map { try session.read($0.variable) }
  }
}
