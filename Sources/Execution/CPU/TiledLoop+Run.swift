import CKernels
import Tensors

extension TiledLoop {
  func run(_ memory: Memory) {
    let uniforms = zip(uniforms, isHostNumber).map { view, isHostNumber in
      isHostNumber ? Float(memory.numbers[view.base]) : memory[view.base][view.offset]
    }
    var teamSize = 1
    parallel(isLarge ? memory.threads : 1) { thread, threads in
      if thread == 0 { teamSize = threads }
      let range = share(of: elementCount, thread: thread, threads: threads, grain: 16)
      let scratch = memory.scratch(of: thread)
      for reduction in reductions {
        fledge_fill(target(reduction, memory, thread), reduction.kind.identity, reduction.resultCount)
      }
      withUnsafeTemporaryAllocation(of: UnsafeMutablePointer<Float>.self, capacity: origins.count) { places in
        uniforms.withUnsafeBufferPointer { uniforms in
          for (place, origin) in origins.enumerated() {
            switch origin {
            case .slot(let slot): places.initializeElement(at: place, to: scratch + slot * tileCount)
            case .storage(let id): places.initializeElement(at: place, to: memory[id] + range.lowerBound)
            }
          }
          for work in constants { perform(work, places, uniforms, memory, at: 0, count: tileCount) }
          var start = range.lowerBound
          while start < range.upperBound {
            let count = min(tileCount, range.upperBound - start)
            for gathering in gatherings { gather(gathering, places[gathering.place], memory, start, count) }
            for work in works { perform(work, places, uniforms, memory, at: start, count: count) }
            for reduction in reductions {
              accumulate(reduction, places[reduction.place], target(reduction, memory, thread), start, count)
            }
            for (place, origin) in origins.enumerated() {
              if case .storage = origin { places[place] += count }
            }
            start += count
          }
        }
      }
    }
    for thread in 1..<max(1, teamSize) {
      for reduction in reductions {
        let (result, part) = (memory[reduction.result], target(reduction, memory, thread))
        switch reduction.kind {
        case .sum: fledge_accumulate_sum(result, part, reduction.resultCount)
        case .maximum: fledge_accumulate_maximum(result, part, reduction.resultCount)
        }
      }
    }
  }

  /// The first thread reduces into the result, the others into their working memory.
  private func target(_ reduction: Reduction, _ memory: Memory, _ thread: Int) -> UnsafeMutablePointer<Float> {
    thread == 0 ? memory[reduction.result] : memory.scratch(of: thread) + reduction.scratchOffset
  }

  private func perform(
    _ work: Work, _ places: UnsafeMutableBufferPointer<UnsafeMutablePointer<Float>>,
    _ uniforms: UnsafeBufferPointer<Float>, _ memory: Memory, at start: Int, count: Int
  ) {
    switch work {
    case .unary(let kernel, let x, let result): kernel(places[result], places[x], count)
    case .vectorVector(let kernel, let a, let b, let result): kernel(places[result], places[a], places[b], count)
    case .vectorScalar(let kernel, let a, let b, let result): kernel(places[result], places[a], uniforms[b], count)
    case .scalarVector(let kernel, let a, let b, let result): kernel(places[result], uniforms[a], places[b], count)
    case .select(let condition, let a, let b, let result):
      fledge_select(places[result], places[condition], places[a], places[b], count)
    case .random(let stream, let result):
      fledge_philox_uniform(places[result], memory.seed, stream, memory.randomPosition &+ UInt64(start), count)
    case .copy(let x, let result): fledge_copy(places[result], places[x], count)
    case .fill(let uniform, let result): fledge_fill(places[result], uniforms[uniform], count)
    }
  }

  // MARK: - Rows: what lies along the innermost axis

  /// Calls `body` for each piece of a row in a tile, with the row's offset under `strides`.
  @inline(__always)
  private func forEachPiece(
    _ strides: [Int], _ start: Int, _ count: Int, _ body: (_ position: Int, _ offset: Int, _ count: Int) -> Void
  ) {
    let columns = sizes[sizes.count - 1]
    var (row, column) = start.quotientAndRemainder(dividingBy: columns)
    var position = 0
    while position < count {
      let length = min(columns - column, count - position)
      body(position, offset(ofRow: row, strides) + column * strides[strides.count - 1], length)
      position += length
      row += 1
      column = 0
    }
  }

  @inline(__always)
  private func offset(ofRow row: Int, _ strides: [Int]) -> Int {
    var rest = row
    var offset = 0
    for axis in stride(from: sizes.count - 2, through: 1, by: -1) {
      let (quotient, remainder) = rest.quotientAndRemainder(dividingBy: sizes[axis])
      offset += remainder * strides[axis]
      rest = quotient
    }
    return sizes.count > 1 ? offset + rest * strides[0] : 0
  }

  private func gather(
    _ gathering: Gathering, _ result: UnsafeMutablePointer<Float>, _ memory: Memory, _ start: Int, _ count: Int
  ) {
    let source = memory[gathering.base] + gathering.offset
    let step = gathering.strides[gathering.strides.count - 1]
    forEachPiece(gathering.strides, start, count) { position, offset, count in
      switch step {
      case 0: fledge_fill(result + position, source[offset], count)
      case 1: fledge_copy(result + position, source + offset, count)
      default: fledge_copy_strided(result + position, source + offset, step, count)
      }
    }
  }

  private func accumulate(
    _ reduction: Reduction, _ x: UnsafeMutablePointer<Float>, _ result: UnsafeMutablePointer<Float>, _ start: Int,
    _ count: Int
  ) {
    let step = reduction.strides[reduction.strides.count - 1]
    forEachPiece(reduction.strides, start, count) { position, offset, count in
      switch (reduction.kind, step) {
      case (.sum, 0): result[offset] += fledge_sum(x + position, count)
      case (.maximum, 0):
        var greatest = fledge_maximum(x + position, count)
        fledge_accumulate_maximum(result + offset, &greatest, 1)
      case (.sum, 1): fledge_accumulate_sum(result + offset, x + position, count)
      case (.maximum, 1): fledge_accumulate_maximum(result + offset, x + position, count)
      case (.sum, _): for index in 0..<count { result[offset + index * step] += x[position + index] }
      case (.maximum, _):
        for index in 0..<count {
          fledge_accumulate_maximum(result + offset + index * step, x + position + index, 1)
        }
      }
    }
  }
}

extension Operation.Reduction {
  /// What a reduction of nothing gives.
  fileprivate var identity: Float {
    switch self {
    case .sum: 0
    case .maximum: -.infinity
    }
  }
}
