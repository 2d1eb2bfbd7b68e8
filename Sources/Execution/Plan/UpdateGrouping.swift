import Tensors

extension Plan {
  /// The last pass: neighbouring loops that change variables become one step, so that threads meet once for all of them.
  mutating func groupUpdates() {
    var groups: [[Step]] = []
    /// The variables that the last group reads and writes; nil if nothing may join it.
    var touched: (read: Set<Int>, written: Set<Int>)?
    for step in steps {
      let (read, written) = (variables(reads(step)), variables(step.writes))
      let isUpdate = isUpdate(step)
      if isUpdate, let group = touched, group.written.isDisjoint(with: read.union(written)),
        group.read.isDisjoint(with: written)
      {
        groups[groups.count - 1].append(step)
        touched?.read.formUnion(read)
        touched?.written.formUnion(written)
      } else {
        groups.append([step])
        touched = isUpdate ? (read, written) : nil
      }
    }
    steps = groups.map { group in
      group.count == 1
        ? group[0]
        : Step(
          work: .updates(group.flatMap(\.work.loops)), writes: group.flatMap(\.writes), changesVariables: true)
    }
  }

  /// Whether a step writes variables alone, each thread its own elements.
  private func isUpdate(_ step: Step) -> Bool {
    let loops = step.work.loops
    return !loops.isEmpty && loops.allSatisfy(\.reductions.isEmpty) && step.writes.allSatisfy { variable($0) != nil }
  }

  private func variables(_ ids: [Graph.ID]) -> Set<Int> { Set(ids.compactMap(variable)) }

  /// The variable in whose place a node's elements lie.
  private func variable(_ id: Graph.ID) -> Int? {
    if case .variable(let index)? = storage[id] { index } else { nil }
  }
}
