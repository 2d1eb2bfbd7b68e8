import Tensors

extension Plan {
  /// The last pass: neighbouring loops that change variables become one step, so that threads meet once for all of them.
  mutating func groupUpdates() {
    var grouped: [Step] = []
    for step in steps {
      if isUpdate(step), let last = grouped.last, isUpdate(last), areIndependent(last, step) {
        grouped[grouped.count - 1] = Step(
          kernel: .updates(last.kernel.loops + step.kernel.loops), writes: last.writes + step.writes,
          changesVariables: true)
      } else {
        grouped.append(step)
      }
    }
    steps = grouped
  }

  /// Whether a step writes variables alone, each thread its own elements.
  private func isUpdate(_ step: Step) -> Bool {
    let loops = step.kernel.loops
    return !loops.isEmpty && loops.allSatisfy(\.reductions.isEmpty) && step.writes.allSatisfy { variable($0) != nil }
  }

  private func areIndependent(_ first: Step, _ second: Step) -> Bool {
    func written(_ step: Step) -> Set<Int> { Set(step.writes.compactMap(variable)) }
    func read(_ step: Step) -> Set<Int> { Set(reads(step).compactMap(variable)) }
    return written(first).isDisjoint(with: read(second).union(written(second)))
      && written(second).isDisjoint(with: read(first))
  }

  /// The variable in whose place a node's elements lie.
  private func variable(_ id: Graph.ID) -> Int? {
    if case .variable(let index)? = storage[id] { index } else { nil }
  }
}
