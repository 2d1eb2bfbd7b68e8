import Tensors

/// Gives every value of a fused loop its place, and every instruction its kernel.
struct TiledLoopBuilder {
  private let loop: FusedLoop
  private let plan: Plan
  private(set) var origins: [TiledLoop.Origin] = []
  private(set) var gatherings: [TiledLoop.Gathering] = []
  private(set) var constants: [TiledLoop.Work] = []
  private(set) var works: [TiledLoop.Work] = []
  private(set) var reductionPlaces: [TiledLoop.Place] = []
  private(set) var slotCount = 0

  private var loadPlaces: [TiledLoop.Place] = []
  private var registerPlaces: [TiledLoop.Place] = []
  private var uniformPlaces: [Int: TiledLoop.Place] = [:]
  private var freeSlots: [Int] = []
  /// By register: the last instruction that reads it, or the instruction count if a store or reduction does.
  private var lastUse: [Int]
  private var loadLastUse: [Int]

  init(_ loop: FusedLoop, _ plan: Plan) {
    self.loop = loop
    self.plan = plan
    lastUse = Array(repeating: -1, count: loop.instructions.count)
    loadLastUse = Array(repeating: -1, count: loop.loads.count)
  }

  mutating func build() {
    findLastUses()
    for index in loop.loads.indices { placeLoad(index) }
    var stored = Set<Int>()
    for (index, instruction) in loop.instructions.enumerated() {
      let target = directStore(of: index)
      if let target { stored.insert(target) }
      append(instruction, index, directly: target.map { loop.stores[$0].target })
    }
    for (index, store) in loop.stores.enumerated() where !stored.contains(index) { append(store) }
    reductionPlaces = loop.reductions.map { place($0.operand) }
  }

  private mutating func findLastUses() {
    func use(_ operand: FusedLoop.Operand, at time: Int) {
      switch operand {
      case .register(let index): lastUse[index] = max(lastUse[index], time)
      case .load(let index): loadLastUse[index] = max(loadLastUse[index], time)
      case .uniform: break
      }
    }
    for (time, instruction) in loop.instructions.enumerated() {
      for operand in loop.operands(of: instruction) { use(operand, at: time) }
    }
    for operand in loop.stores.map(\.operand) + loop.reductions.map(\.operand) {
      use(operand, at: loop.instructions.count)
    }
  }

  // MARK: - Places

  private mutating func makePlace(_ origin: TiledLoop.Origin) -> TiledLoop.Place {
    origins.append(origin)
    return origins.count - 1
  }

  private mutating func makeSlot() -> TiledLoop.Place {
    if let slot = freeSlots.popLast() { return makePlace(.slot(slot)) }
    slotCount += 1
    return makePlace(.slot(slotCount - 1))
  }

  private mutating func placeLoad(_ index: Int) {
    let load = loop.loads[index]
    // What the tile's end still reads must not lie where a store has written by then.
    let isOverwritten =
      loadLastUse[index] == loop.instructions.count
      && loop.stores.contains { plan.storage[$0.target] == plan.storage[load.view.base] }
    let isDirect = load.view.offset == 0 && loop.isInOrder(load) && !isOverwritten
    let place = isDirect ? makePlace(.storage(load.view.base)) : makeSlot()
    loadPlaces.append(place)
    if !isDirect {
      gatherings.append(
        TiledLoop.Gathering(
          base: load.view.base, offset: load.view.offset, strides: load.view.strides, place: place))
    }
  }

  private mutating func place(_ operand: FusedLoop.Operand) -> TiledLoop.Place {
    switch operand {
    case .register(let index): return registerPlaces[index]
    case .load(let index): return loadPlaces[index]
    case .uniform(let index):
      if let place = uniformPlaces[index] { return place }
      // A slot of its own: it is filled once, before the first tile.
      slotCount += 1
      let place = makePlace(.slot(slotCount - 1))
      uniformPlaces[index] = place
      constants.append(.fill(uniform: index, into: place))
      return place
    }
  }

  /// The store that an instruction can write straight into: no later one reads the elements that it overwrites.
  private func directStore(of register: Int) -> Int? {
    loop.stores.indices.first { index in
      guard loop.stores[index].operand == .register(register) else { return false }
      let storage = plan.storage[loop.stores[index].target]
      return loop.loads.indices.allSatisfy { load in
        if case .slot = origins[loadPlaces[load]] { return true }
        return plan.storage[loop.loads[load].view.base] != storage || loadLastUse[load] <= register
      }
    }
  }

  /// Slots whose value nothing reads after this instruction.
  private mutating func release(after time: Int) {
    for (register, place) in registerPlaces.enumerated() where lastUse[register] == time {
      if case .slot(let slot) = origins[place] { freeSlots.append(slot) }
    }
    for (load, place) in loadPlaces.enumerated() where loadLastUse[load] == time {
      if case .slot(let slot) = origins[place] { freeSlots.append(slot) }
    }
  }

  // MARK: - Work

  private mutating func append(_ instruction: FusedLoop.Instruction, _ index: Int, directly target: Graph.ID?) {
    func uniform(_ operand: FusedLoop.Operand) -> Int? { if case .uniform(let index) = operand { index } else { nil } }
    // Operands first: a result may take the slot of an operand that is read here for the last time.
    let operands: [TiledLoop.Place]
    if case .binary(_, let first, let second) = instruction, uniform(first) == nil || uniform(second) == nil {
      operands = [first, second].map { uniform($0) == nil ? place($0) : -1 }
    } else {
      operands = loop.operands(of: instruction).map { place($0) }
    }
    release(after: index)
    let result = target.map { makePlace(.storage($0)) } ?? makeSlot()
    registerPlaces.append(result)
    switch instruction {
    case .unary(let unary, _): works.append(.unary(unary.kernel, operands[0], into: result))
    case .binary(let binary, let first, let second):
      if let scalar = uniform(second), operands[0] >= 0 {
        works.append(.vectorScalar(binary.vectorScalar, operands[0], uniform: scalar, into: result))
      } else if let scalar = uniform(first), operands[1] >= 0, operands[0] < 0 {
        works.append(.scalarVector(binary.scalarVector, uniform: scalar, operands[1], into: result))
      } else {
        works.append(.vectorVector(binary.vectorVector, operands[0], operands[1], into: result))
      }
    case .select: works.append(.select(operands[0], operands[1], operands[2], into: result))
    case .random(let stream): works.append(.random(stream: stream, into: result))
    }
    if lastUse[index] < 0, case .slot(let slot) = origins[result] { freeSlots.append(slot) }
  }

  private mutating func append(_ store: FusedLoop.Store) {
    let target = makePlace(.storage(store.target))
    if case .uniform(let index) = store.operand {
      works.append(.fill(uniform: index, into: target))
    } else {
      works.append(.copy(place(store.operand), into: target))
    }
  }
}
