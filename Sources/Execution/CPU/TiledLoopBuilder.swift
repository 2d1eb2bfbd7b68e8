import Tensors

/// Gives every value of a fused loop its place, and every instruction its kernel.
struct TiledLoopBuilder {
  private let loop: FusedLoop
  private let plan: Plan
  private(set) var origins: [TiledLoop.Origin] = []
  private(set) var constants: [TiledLoop.Work] = []
  private(set) var works: [TiledLoop.Work] = []
  /// What is read through strides of its own.
  private(set) var views: [View] = []
  private(set) var reductionPlaces: [TiledLoop.Place] = []
  /// What is read of storage in the loop's order.
  private(set) var reads: [TiledLoop.Read] = []
  private(set) var slotCount = 0

  /// By load: where its elements are; nil until something needs them in the loop's order.
  private var loadPlaces: [TiledLoop.Place?]
  private var registerPlaces: [TiledLoop.Place] = []
  private var uniformPlaces: [Int: TiledLoop.Place] = [:]
  private var freeSlots: [Int] = []
  /// By register: the last instruction that reads it, or the instruction count if a store or reduction does.
  private var lastUse: [Int]
  private var loadLastUse: [Int]

  /// Rows shorter than this are gathered: a kernel for each would take longer.
  private static let shortestRow = 16
  private static let shortestColumn = 64
  /// Bytes of a result from which on it is written past the caches: what reads it begins where they no longer hold it, and
  /// a plain store would first read what it overwrites.
  private static let streamed = 16 << 20

  init(_ loop: FusedLoop, _ plan: Plan) {
    self.loop = loop
    self.plan = plan
    loadPlaces = Array(repeating: nil, count: loop.loads.count)
    lastUse = Array(repeating: -1, count: loop.instructions.count)
    loadLastUse = Array(repeating: -1, count: loop.loads.count)
  }

  mutating func build() {
    findLastUses()
    for index in loop.loads.indices where isOverwritten(index) { _ = placeLoad(index) }
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

  private mutating func makeStorage(of id: Graph.ID) -> TiledLoop.Place {
    makePlace(.storage(id, elementSize: plan.elementSize(of: id)))
  }

  /// Whether the tile's end still reads a load whose place a store may have taken by then.
  private func isOverwritten(_ index: Int) -> Bool {
    loadLastUse[index] == loop.instructions.count
      && loop.stores.contains { plan.storage[$0.target] == plan.storage[loop.loads[index].view.base] }
  }

  private func runsInOrder(_ load: FusedLoop.Load) -> Bool { load.view.offset == 0 && loop.isInOrder(load) }

  private mutating func placeLoad(_ index: Int) -> TiledLoop.Place {
    if let place = loadPlaces[index] { return place }
    let load = loop.loads[index]
    let place: TiledLoop.Place
    if runsInOrder(load) {
      let storage = makeStorage(of: load.view.base)
      reads.append(TiledLoop.Read(place: storage, elementSize: plan.elementSize(of: load.view.base)))
      if plan.isNarrow(load.view.base) {
        place = makeSlot()
        works.append(.widen(storage, into: place))
      } else if isOverwritten(index) {
        place = makeSlot()
        works.append(.copy(storage, into: place))
      } else {
        place = storage
      }
    } else {
      let view = makeView(load.view)
      place = makeSlot()
      works.append(.gather(view: view, into: place))
    }
    loadPlaces[index] = place
    return place
  }

  private mutating func makeView(_ view: View) -> Int {
    if let index = views.firstIndex(of: view) { return index }
    views.append(view)
    return views.count - 1
  }

  private mutating func place(_ operand: FusedLoop.Operand) -> TiledLoop.Place {
    switch operand {
    case .register(let index): return registerPlaces[index]
    case .load(let index): return placeLoad(index)
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
      let target = loop.stores[index].target
      guard loop.stores[index].operand == .register(register), !plan.isNarrow(target), !isStreamed else { return false }
      return loop.loads.indices.allSatisfy { load in
        plan.storage[loop.loads[load].view.base] != plan.storage[target] || loadLastUse[load] <= register
          || isOverwritten(load)
      }
    }
  }

  private var isStreamed: Bool { loop.elementCount * ElementType.float32.size >= Self.streamed }

  /// Slots whose value nothing reads after this instruction.
  private mutating func release(after time: Int) {
    for (register, place) in registerPlaces.enumerated() where lastUse[register] == time { free(place) }
    for (load, place) in loadPlaces.enumerated() where loadLastUse[load] == time { free(place) }
  }

  private mutating func free(_ place: TiledLoop.Place?) {
    if let place, case .slot(let slot) = origins[place] { freeSlots.append(slot) }
  }

  // MARK: - Work

  private mutating func append(_ instruction: FusedLoop.Instruction, _ index: Int, directly target: Graph.ID?) {
    // Operands first: a result may take the slot of an operand that is read here for the last time.
    let work = prepare(instruction)
    release(after: index)
    let result = target.map { makeStorage(of: $0) } ?? makeSlot()
    registerPlaces.append(result)
    works.append(work(result))
    if lastUse[index] < 0 { free(result) }
  }

  private mutating func prepare(_ instruction: FusedLoop.Instruction) -> (TiledLoop.Place) -> TiledLoop.Work {
    switch instruction {
    case .unary(let unary, let x):
      let x = place(x)
      return { .unary(unary.function, x, into: $0) }
    case .binary(let binary, let first, let second): return prepare(binary, first, second)
    case .select(let condition, let first, let second):
      let (condition, first, second) = (place(condition), place(first), place(second))
      return { .select(condition, first, second, into: $0) }
    case .multiplyAdd(let kind, let a, let b, let c):
      let (a, b, c) = (place(a), factor(b), factor(c))
      return { .multiplyAdd(kind.function, a, b, c, into: $0) }
    case .random(let stream): return { .random(stream: stream, into: $0) }
    }
  }

  /// One operand may be a number, a row that repeats or a number a row, without being spread over a tile first.
  private mutating func prepare(
    _ binary: Operation.Binary, _ first: FusedLoop.Operand, _ second: FusedLoop.Operand
  ) -> (TiledLoop.Place) -> TiledLoop.Work {
    switch (repeats(first), repeats(second)) {
    case (nil, .uniform(let number)?):
      let a = place(first)
      return { .vectorScalar(binary.vectorScalar, a, uniform: number, into: $0) }
    case (.uniform(let number)?, nil):
      let b = place(second)
      return { .scalarVector(binary.scalarVector, uniform: number, b, into: $0) }
    case (nil, .row(let row)?):
      let (a, view) = (place(first), makeView(row))
      return { .vectorRow(binary.vectorRow, a, view: view, into: $0) }
    case (.row(let row)?, nil):
      let (view, b) = (makeView(row), place(second))
      return { .rowVector(binary.rowVector, view: view, b, into: $0) }
    case (nil, .column(let column)?):
      let (a, view) = (place(first), makeView(column))
      return { .vectorColumn(binary.vectorScalar, a, view: view, into: $0) }
    case (.column(let column)?, nil):
      let (view, b) = (makeView(column), place(second))
      return { .columnVector(binary.scalarVector, view: view, b, into: $0) }
    default:
      let (a, b) = (place(first), place(second))
      return { .vectorVector(binary.vectorVector, a, b, into: $0) }
    }
  }

  private mutating func factor(_ operand: FusedLoop.Operand) -> TiledLoop.Factor {
    if case .uniform(let index) = operand { .uniform(index) } else { .vector(place(operand)) }
  }

  private enum Repetition {
    case uniform(Int)
    case row(View)
    case column(View)
  }

  /// How an operand repeats; nil for one that does not, or that is spread over a tile anyway.
  private func repeats(_ operand: FusedLoop.Operand) -> Repetition? {
    switch operand {
    case .register: return nil
    case .uniform(let index): return .uniform(index)
    case .load(let index):
      let view = loop.loads[index].view
      guard loadPlaces[index] == nil, !plan.isNarrow(view.base), let width = loop.sizes.last,
        let step = view.strides.last
      else { return nil }
      let rowStride = view.strides.count > 1 ? view.strides[view.strides.count - 2] : 0
      if step == 1, rowStride == 0, loop.sizes.count > 1, width >= Self.shortestRow { return .row(view) }
      if step == 0, width >= Self.shortestColumn { return .column(view) }
      return nil
    }
  }

  private mutating func append(_ store: FusedLoop.Store) {
    if plan.isNarrow(store.target) {
      let x = place(store.operand)
      works.append(.narrow(x, into: makeStorage(of: store.target)))
    } else if case .uniform(let index) = store.operand {
      works.append(.fill(uniform: index, into: makeStorage(of: store.target)))
    } else {
      let x = place(store.operand)
      let target = makeStorage(of: store.target)
      works.append(isStreamed ? .stream(x, into: target) : .copy(x, into: target))
    }
  }
}
