import Tensors

extension FusedLoop {
  /// Makes each product that only a sum or difference reads one instruction with it: a · b ± c, c − a · b.
  ///
  /// Operands that repeat along rows stay as they are: instructions of two operands have kernels for those.
  mutating func contract() {
    var useCounts = Array(repeating: 0, count: instructions.count)
    for operand in instructions.flatMap(operands) + stores.map(\.operand) + reductions.map(\.operand) {
      if case .register(let index) = operand { useCounts[index] += 1 }
    }
    var contracted: [Instruction?] = instructions
    for (index, instruction) in instructions.enumerated() {
      guard case .binary(let binary, let first, let second) = instruction, binary == .add || binary == .subtract else {
        continue
      }
      func product(_ operand: Operand, and other: Operand) -> (register: Int, a: Operand, b: Operand)? {
        guard case .register(let register) = operand, useCounts[register] == 1,
          case .binary(.multiply, let a, let b)? = contracted[register],
          [a, b, other].allSatisfy(isElementOrNumber), !isNumber(a) || !isNumber(b)
        else { return nil }
        return isNumber(a) ? (register, b, a) : (register, a, b)
      }
      if let (register, a, b) = product(first, and: second) {
        contracted[register] = nil
        contracted[index] = .multiplyAdd(binary == .add ? .productPlus : .productMinus, a, b, second)
      } else if let (register, a, b) = product(second, and: first) {
        contracted[register] = nil
        contracted[index] = .multiplyAdd(binary == .add ? .productPlus : .minusProduct, a, b, first)
      }
    }
    replaceInstructions(by: contracted)
  }

  private func isNumber(_ operand: Operand) -> Bool { if case .uniform = operand { true } else { false } }

  private func isElementOrNumber(_ operand: Operand) -> Bool {
    if case .load(let index) = operand { loads[index].view.offset == 0 && isInOrder(loads[index]) } else { true }
  }
}
