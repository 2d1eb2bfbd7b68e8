import Tensors

extension KernelChooser {
  /// The kernel of a node; nil if no candidate can be made.
  package func choose(_ node: LibraryNode, _ candidates: [Candidate<any Kernel>]) -> (any Kernel)? {
    let chosen = choose(
      KernelChoices.Key(node, precision),
      work: node.arithmetic, candidates, trial: { NodeTrial(node: node, memory: self.trialMemory()) })
    guard let chosen else { return nil }
    let choice = chosen.note.map { "\(chosen.made.note ?? chosen.name) (\($0))" }
    let layout = layoutNote(node)
    guard choice ?? layout != nil else { return chosen.made }
    let notes = [choice ?? chosen.made.note, layout].compactMap(\.self)
    return ChosenKernel(kernel: chosen.made, note: notes.joined(separator: ", "))
  }
}

extension KernelChoices.Key {
  /// A session's precision decides what the candidates are, and which results are narrow what they cost.
  init(_ node: LibraryNode, _ precision: Precision) {
    func text(_ stored: StoredShape, _ isNarrow: Bool) -> String { isNarrow ? "narrow \(stored)" : "\(stored)" }
    let operands = zip(node.storedOperands, node.areOperandsNarrow).map(text).joined(separator: " · ")
    self.init(
      operation: node.title,
      shape: "\(operands) → \(text(node.stored, node.isNarrow)) \(precision.rawValue)")
  }
}

/// A kernel with a word on how it was chosen.
private struct ChosenKernel: Kernel {
  let kernel: any Kernel
  let note: String?

  var performedOperations: Double? { kernel.performedOperations }
  func scratchCount(threads: Int) -> Int { kernel.scratchCount(threads: threads) }
  func run(_ memory: Memory) throws(ExecutionError) { try kernel.run(memory) }
}
