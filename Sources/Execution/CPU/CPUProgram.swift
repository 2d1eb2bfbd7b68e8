import CKernels
import Tensors

/// A plan with its kernels chosen and its storage tied to a session's memory.
final class CPUProgram: Program {
  let graph: Graph
  let plan: PlanSummary
  /// Floats that it needs of the session's arena and working memory.
  let arenaCount: Int
  let scratchCount: Int
  private(set) var kernelSeconds: [Double] = []

  private let planned: Plan
  private let session: CPUSession
  private let variables: [FloatBuffer]
  private let steps: [any Kernel]
  private var memory: Memory
  private let tables: [(id: Graph.ID, buffer: FloatBuffer)]
  private let inputNodes: [(id: Graph.ID, input: Int)]
  /// Where the arena began when `memory` was pointed into it.
  private var placedAt: UnsafeMutablePointer<Float>?
  private let numbers: HostNumbers
  /// The step before which the guard is looked at.
  private let firstChange: Int
  /// Whether a step that changes variables is needed to know the guard.
  private let isGuardLate: Bool

  init(
    _ graph: Graph, _ plan: Plan, _ session: CPUSession, _ variables: [FloatBuffer], _ library: (any KernelLibrary)?
  ) throws(ExecutionError) {
    self.graph = graph
    planned = plan
    self.session = session
    self.variables = variables
    let threads = session.options.threads
    steps = try plan.steps.map { step throws(ExecutionError) in try makeKernel(step, plan, library) }
    var summary = plan.summary
    for (index, step) in steps.enumerated() {
      if let note = step.note { summary.kernels[index] += ", \(note)" }
      if let performed = step.performedOperations { summary.costs[index].performedOperations = performed }
    }
    self.plan = summary
    let largest = steps.map { $0.scratchCount(threads: threads) }.max() ?? 0
    let perThread = ArenaLayout.rounded(largest * ElementType.float32.size) / ElementType.float32.size
    if session.options.isProfiled { kernelSeconds = steps.map { _ in 0 } }
    arenaCount = plan.arena.byteCount / ElementType.float32.size
    scratchCount = perThread * threads
    numbers = HostNumbers(plan)
    inputNodes = plan.storage.compactMap { id, storage in
      if case .input(let index) = storage { (id, index) } else { nil }
    }
    tables = plan.storage.compactMap { id, storage in
      if case .table = storage { (id, FloatBuffer(count: plan.graph[id].shape.elementCount)) } else { nil }
    }
    memory = Memory(
      nodes: plan.graph.nodes.count, threads: threads, scratchCount: perThread, seed: session.options.seed)
    firstChange = plan.steps.firstIndex { $0.changesVariables } ?? plan.steps.count
    let guardBase = plan.graph.guardNode.map(plan.roles.base)
    isGuardLate = plan.steps[firstChange...].contains { step in guardBase.map(step.writes.contains) ?? false }
    for (id, buffer) in tables {
      fillIndices(buffer.pointer, plan.graph[id])
      memory[id] = buffer.pointer
    }
    for (id, storage) in plan.storage {
      if case .variable(let index) = storage { memory[id] = variables[index].pointer }
    }
  }

  func run(_ inputs: [Tensor], step: UInt64) throws(ExecutionError) -> [Tensor] {
    try graph.check(inputs: inputs)
    fledge_adapt_waiting()
    memory.begin(step: step, scratch: session.scratch.pointer)
    if placedAt != session.arena.pointer { placeInArena() }
    numbers.compute(inputs, &memory)
    return try withPointers(inputs[...], []) { pointers throws(ExecutionError) in
      for (id, index) in inputNodes { memory[id] = UnsafeMutablePointer(mutating: pointers[index]) }
      return try execute()
    }
  }

  /// The session's arena moves when a later program needs a larger one.
  private func placeInArena() {
    for (id, storage) in planned.storage {
      if case .arena(let slot) = storage {
        memory[id] = session.arena.pointer + planned.arena.offsets[slot] / ElementType.float32.size
      }
    }
    placedAt = session.arena.pointer
  }

  private func execute() throws(ExecutionError) -> [Tensor] {
    try perform(steps.indices[..<firstChange])
    // A variable that is an output shows its value before the step.
    let early = planned.graph.outputs.map { isVariable($0.node) ? tensor($0.node) : nil }
    if isGuardLate {
      let kept = variables.map(\.array)
      try change()
      if !isGuardFinite { zip(variables, kept).forEach { $0.copy($1) } }
    } else if isGuardFinite {
      try change()
    }
    return zip(planned.graph.outputs, early).map { $1 ?? tensor($0.node) }
  }

  private func isVariable(_ id: Graph.ID) -> Bool {
    if case .variable = planned.graph[planned.roles.base(id)].operation { true } else { false }
  }

  private func tensor(_ id: Graph.ID) -> Tensor {
    let shape = planned.graph[id].shape
    return Tensor(unchecked: shape, .float32(elements(id, count: shape.elementCount)))
  }

  private func perform(_ range: Range<Int>) throws(ExecutionError) {
    guard session.options.isProfiled else {
      for step in steps[range] { try step.run(memory) }
      return
    }
    let clock = ContinuousClock()
    for index in range {
      let start = clock.now
      try steps[index].run(memory)
      kernelSeconds[index] += (clock.now - start) / .seconds(1)
    }
  }

  private func change() throws(ExecutionError) {
    try perform(steps.indices[firstChange...])
    for (result, variable) in planned.deferredAssignments {
      variables[variable].pointer.update(from: memory[result], count: variables[variable].count)
    }
  }

  private var isGuardFinite: Bool {
    guard let node = planned.graph.guardNode else { return true }
    return elements(node, count: 1)[0].isFinite
  }

  private func elements(_ id: Graph.ID, count: Int) -> [Float] {
    if planned.roles.roles[id] == .hostScalar { return [Float(memory.numbers[id])] }
    return Array(UnsafeBufferPointer(start: memory[planned.roles.base(id)], count: count))
  }

  /// Calls `body` with the elements of each tensor, converted only where they are not Float32 yet.
  private func withPointers<Result>(
    _ tensors: ArraySlice<Tensor>, _ pointers: [UnsafePointer<Float>],
    _ body: ([UnsafePointer<Float>]) throws(ExecutionError) -> Result
  ) throws(ExecutionError) -> Result {
    guard let first = tensors.first else { return try body(pointers) }
    return try first.floats.withUnsafeBufferPointer { elements throws(ExecutionError) in
      try withPointers(
        tensors.dropFirst(), pointers + [elements.baseAddress ?? UnsafePointer(Memory.nowhere)], body)
    }
  }
}

private func fillIndices(_ pointer: UnsafeMutablePointer<Float>, _ node: Graph.Node) {
  guard case .iota(let axis) = node.operation else { return }
  let (size, stride) = (node.shape[axis], node.shape.strides[axis])
  for index in 0..<node.shape.elementCount { pointer[index] = Float(index / stride % size) }
}
