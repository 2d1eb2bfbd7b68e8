package import Tensors

/// One pass over an iteration shape: reads, elementwise instructions, writes and reductions, without storage in between.
///
///     %3 [8, 4] = multiply(%0, %2)     %2 repeats the variable %1 [4] in 8 rows
///     %4 [8, 4] = tanh(%3)
///     %5 [8, 1] = sum over [1](%4)
///
/// is a loop over [8, 4] with loads %0 by strides [4, 1] and %1 by strides [0, 1]; the instructions `load 0 · load 1` into
/// register 0 and `tanh(register 0)` into register 1; no stores, if nothing else reads %4; and a reduction that adds
/// register 1 to %5 by strides [1, 0].
package struct FusedLoop {
  /// Where an instruction takes an operand from.
  package enum Operand: Equatable {
    /// The result of an earlier instruction.
    case register(Int)
    /// One element for each step of the loop, through strides.
    case load(Int)
    /// One number for the whole loop.
    case uniform(Int)
  }

  package enum Instruction: Equatable {
    case unary(Operation.Unary, Operand)
    case binary(Operation.Binary, Operand, Operand)
    case select(Operand, Operand, Operand)
    case multiplyAdd(MultiplyAdd, Operand, Operand, Operand)
    case random(stream: UInt64)
  }

  /// Of operands a, b, c.
  package enum MultiplyAdd {
    /// a · b + c
    case productPlus
    /// a · b − c
    case productMinus
    /// c − a · b
    case minusProduct
  }

  package struct Reduction: Equatable {
    let kind: Operation.Reduction
    var operand: Operand
    let result: Graph.ID
    /// The result's stride along each axis of the loop; zero along those that are reduced.
    var strides: [Int]
  }

  struct Load: Equatable {
    var view: View
  }

  package struct Store: Equatable {
    var operand: Operand
    let target: Graph.ID
  }

  /// The loop's axes, neighbours merged where everything that the loop touches allows it.
  private(set) var sizes: [Int]
  private(set) var loads: [Load] = []
  /// Views of one element, or of a number that the host computes.
  private(set) var uniforms: [View] = []
  package var instructions: [Instruction] = []
  package private(set) var stores: [Store] = []
  package private(set) var reductions: [Reduction] = []

  var elementCount: Int { sizes.reduce(1, *) }

  /// The loop of a cluster. `isStored` says which members are needed outside of it.
  init(_ members: [Graph.ID], _ shape: Shape, _ roles: Roles, isStored: (Graph.ID) -> Bool) {
    sizes = shape.sizes
    var registers: [Graph.ID: Operand] = [:]
    for id in Clusters.withInlined(members, roles) {
      let node = roles.graph[id]
      let operands = Clusters.operands(of: id, roles).map { view in
        registers[view.base].flatMap { Clusters.isRegister(view, in: shape, roles) ? $0 : nil } ?? read(view, roles)
      }
      switch node.operation {
      case .reduce(let kind, let axes) where roles.roles[id] == .reduction:
        var strides = node.shape.strides
        for axis in axes { strides[axis] = 0 }
        let alongLoop = roles.graph[node.operands[0]].stored.alongMemory(strides)
        reductions.append(Reduction(kind: kind, operand: operands[0], result: id, strides: alongLoop))
        continue
      case .unary(let unary) where roles.roles[id] == .elementwise:
        registers[id] = append(.unary(unary, operands[0]))
      case .binary(let binary) where roles.roles[id] == .elementwise:
        registers[id] = append(.binary(binary, operands[0], operands[1]))
      case .select where roles.roles[id] == .elementwise:
        registers[id] = append(.select(operands[0], operands[1], operands[2]))
      case .random(let stream): registers[id] = append(.random(stream: stream))
      // A copy, or the new value of a variable: what is read is stored. The table of planned graphs lets nothing else come here.
      default: registers[id] = operands[0]
      }
      if isStored(id), let operand = registers[id] { stores.append(Store(operand: operand, target: id)) }
    }
    mergeAxes()
    contract()
    assert(violation == nil, violation ?? "")
  }

  /// The invariant: what an instruction, store or reduction reads that is not there before it; nil if there is no such thing.
  package var violation: String? {
    func isThere(_ operand: Operand, before instruction: Int) -> Bool {
      switch operand {
      case .register(let register): (0..<instruction).contains(register)
      case .load(let load): loads.indices.contains(load)
      case .uniform(let uniform): uniforms.indices.contains(uniform)
      }
    }
    for (index, instruction) in instructions.enumerated() {
      for operand in operands(of: instruction) where !isThere(operand, before: index) {
        return "instruction \(index), \(instruction), reads \(operand), which is not there"
      }
    }
    for operand in stores.map(\.operand) + reductions.map(\.operand) where !isThere(operand, before: instructions.count)
    {
      return "\(operand) is stored or reduced, and is not there"
    }
    return allStrides.allSatisfy { $0.count == sizes.count } ? nil : "strides \(allStrides) along axes \(sizes)"
  }

  private mutating func append(_ instruction: Instruction) -> Operand {
    instructions.append(instruction)
    return .register(instructions.count - 1)
  }

  private mutating func read(_ view: View, _ roles: Roles) -> Operand {
    let touchesOneElement = zip(view.strides, sizes).allSatisfy { $0 == 0 || $1 == 1 }
    if touchesOneElement {
      if let index = uniforms.firstIndex(of: view) { return .uniform(index) }
      uniforms.append(view)
      return .uniform(uniforms.count - 1)
    }
    let load = Load(view: view)
    if let index = loads.firstIndex(of: load) { return .load(index) }
    loads.append(load)
    return .load(loads.count - 1)
  }

  /// Makes one axis of two neighbours wherever every stride runs on from the inner to the outer one.
  private mutating func mergeAxes() {
    let kept = sizes.indices.filter { sizes[$0] != 1 }
    var groups: [[Int]] = []
    for axis in kept {
      if let outer = groups.last?.last, allStrides.allSatisfy({ $0[outer] == $0[axis] * sizes[axis] }) {
        groups[groups.count - 1].append(axis)
      } else {
        groups.append([axis])
      }
    }
    func inner(_ strides: [Int]) -> [Int] { groups.map { strides[$0.last ?? 0] } }
    for index in loads.indices { loads[index].view.strides = inner(loads[index].view.strides) }
    for index in reductions.indices { reductions[index].strides = inner(reductions[index].strides) }
    sizes = groups.map { $0.reduce(1) { $0 * sizes[$1] } }
    if sizes.isEmpty {
      sizes = [1]
      for index in loads.indices { loads[index].view.strides = [0] }
      for index in reductions.indices { reductions[index].strides = [0] }
    }
  }

  /// Takes these in the place of the instructions, one for each; nil removes one that nothing reads any more.
  mutating func replaceInstructions(by replacements: [Instruction?]) {
    var positions: [Int] = []
    for replacement in replacements { positions.append((positions.last ?? -1) + (replacement == nil ? 0 : 1)) }
    func moved(_ operand: Operand) -> Operand {
      if case .register(let index) = operand { .register(positions[index]) } else { operand }
    }
    instructions = replacements.compactMap { $0?.mapOperands(moved) }
    for index in stores.indices { stores[index].operand = moved(stores[index].operand) }
    for index in reductions.indices { reductions[index].operand = moved(reductions[index].operand) }
  }

  /// The loop with one operand in the place of another of its shape.
  func reading(_ other: Graph.ID, insteadOf operand: Graph.ID) -> FusedLoop {
    var loop = self
    for index in loads.indices where loads[index].view.base == operand { loop.loads[index].view.base = other }
    return loop
  }

  private var allStrides: [[Int]] {
    loads.map(\.view.strides) + reductions.map(\.strides)
  }
}

extension FusedLoop {
  /// Whether a load runs through its storage in the loop's own order, so that it needs no copy.
  func isInOrder(_ load: Load) -> Bool { load.view.strides == Shape(sizes).strides }

  /// The operands of an instruction.
  func operands(of instruction: Instruction) -> [Operand] {
    switch instruction {
    case .unary(_, let operand): [operand]
    case .binary(_, let first, let second): [first, second]
    case .select(let condition, let first, let second): [condition, first, second]
    case .multiplyAdd(_, let a, let b, let c): [a, b, c]
    case .random: []
    }
  }
}

extension FusedLoop.Instruction {
  fileprivate func mapOperands(_ move: (FusedLoop.Operand) -> FusedLoop.Operand) -> Self {
    switch self {
    case .unary(let unary, let x): .unary(unary, move(x))
    case .binary(let binary, let a, let b): .binary(binary, move(a), move(b))
    case .select(let condition, let a, let b): .select(move(condition), move(a), move(b))
    case .multiplyAdd(let kind, let a, let b, let c): .multiplyAdd(kind, move(a), move(b), move(c))
    case .random: self
    }
  }
}
