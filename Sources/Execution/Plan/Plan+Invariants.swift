import Tensors

extension Plan {
  /// The invariant: storage that is shared is disjoint in time. What a step, or the caller at the end, reads that is not yet or
  /// no longer where it is read; nil if there is no such thing.
  ///
  /// Step by step it keeps what lies whole in the arena and in variables. A step must find there what it reads; what it writes
  /// displaces all that lies in the same bytes, and that may be what it reads itself only if one loop reads and writes both
  /// element by element.
  package var violation: String? {
    var present: [Graph.ID: Place] = [:]
    for (id, node) in graph.nodes.enumerated() {
      if case .variable = node.operation { present[id] = place(of: id) }
    }
    for (index, step) in steps.enumerated() {
      let read = Set(reads(step))
      for id in read.sorted() where !isThere(id, present) { return "step \(index) reads %\(id), which is not there" }
      var written: [Graph.ID: Place] = [:]
      for (id, loop) in writers(step) {
        guard let place = place(of: id) else { return "step \(index) writes %\(id), which has no place" }
        for (other, taken) in written where taken.overlaps(place) {
          return "step \(index) writes %\(other) and %\(id) in one place"
        }
        for (other, taken) in present where taken.overlaps(place) {
          if read.contains(other), taken != place || !overwrites(other, by: id, of: loop, in: step) {
            return "step \(index) writes %\(id) over %\(other) while it reads that"
          }
          present[other] = nil
        }
        written[id] = place
      }
      present.merge(written) { _, new in new }
    }
    // A variable that is a result shows its value before the step: it was read early.
    let results = graph.outputs.map(\.node) + (graph.guardNode.map { [$0] } ?? [])
    let late = results.map(roles.base).filter { if case .variable = graph[$0].operation { false } else { true } }
    return (late + deferredAssignments.map(\.result)).first { !isThere($0, present) }.map {
      "%\($0) is a result, and is not there at the end"
    }
  }

  /// Bytes of the arena, or of a variable.
  private struct Place: Equatable {
    /// Nil of the arena.
    let variable: Int?
    let bytes: Range<Int>

    func overlaps(_ other: Place) -> Bool { variable == other.variable && bytes.overlaps(other.bytes) }
  }

  /// Nil of what has no storage, or lies where nothing is written during a step.
  private func place(of id: Graph.ID) -> Place? {
    let count = graph[id].shape.elementCount * elementSize(of: id)
    switch storage[id] {
    case .arena(let slot): return Place(variable: nil, bytes: arena.offsets[slot]..<arena.offsets[slot] + count)
    case .variable(let index): return Place(variable: index, bytes: 0..<count)
    case .input, .table, .number, nil: return nil
    }
  }

  private func isThere(_ id: Graph.ID, _ present: [Graph.ID: Place]) -> Bool {
    switch storage[id] {
    case .input, .table, .number: true
    case .arena, .variable: present[id] != nil
    case nil: false
    }
  }

  /// What a step writes, each with the loop that writes it; nil for a library's kernel.
  private func writers(_ step: Step) -> [(id: Graph.ID, loop: Int?)] {
    if case .library = step.work { return step.writes.map { ($0, nil) } }
    return step.work.loops.enumerated().flatMap { index, loop in
      (loop.stores.map(\.target) + loop.reductions.map(\.result)).map { ($0, index) }
    }
  }

  /// Whether the loop that writes a result in the place of an operand, and no other, reads the operand, element by element.
  private func overwrites(_ operand: Graph.ID, by result: Graph.ID, of writer: Int?, in step: Step) -> Bool {
    roles.roles[result] != .reduction
      && step.work.loops.enumerated().allSatisfy { index, loop in
        let isReader = (loop.loads.map(\.view.base) + loop.uniforms.map(\.base)).contains(operand)
        return !isReader || index == writer && isReadInOrder(operand, by: loop)
      } && writer != nil
  }
}
