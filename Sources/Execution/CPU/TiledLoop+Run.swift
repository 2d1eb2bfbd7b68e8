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

  // MARK: - Rows: what lies along the two innermost axes

  /// A piece of a tile: whole rows of the innermost axis, or a part of one.
  private struct Piece {
    /// Where it begins in the tile.
    let position: Int
    /// Where its first element lies under the strides.
    let offset: Int
    let rows: Int
    let columns: Int
    /// From one row to the next, under the strides.
    let rowStride: Int
    var count: Int { rows * columns }
  }

  @inline(__always)
  private func forEachPiece(_ strides: [Int], _ start: Int, _ count: Int, _ body: (Piece) -> Void) {
    let innermost = sizes.count - 1
    let width = sizes[innermost]
    let height = innermost > 0 ? sizes[innermost - 1] : 1
    let rowStride = innermost > 0 ? strides[innermost - 1] : 0
    var (row, column) = start.quotientAndRemainder(dividingBy: width)
    var position = 0
    while position < count {
      let left = count - position
      let isWhole = column == 0 && left >= width
      let rows = isWhole ? min(left / width, height - row % height) : 1
      let columns = isWhole ? width : min(width - column, left)
      let offset = offset(ofRow: row, strides) + column * strides[innermost]
      body(Piece(position: position, offset: offset, rows: rows, columns: columns, rowStride: rowStride))
      position += rows * columns
      column += columns
      if column == width {
        row += rows
        column = 0
      }
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
    _ gathering: Gathering, _ tile: UnsafeMutablePointer<Float>, _ memory: Memory, _ start: Int, _ count: Int
  ) {
    let source = memory[gathering.base] + gathering.offset
    let step = gathering.strides[gathering.strides.count - 1]
    forEachPiece(gathering.strides, start, count) { piece in
      let (result, x) = (tile + piece.position, source + piece.offset)
      switch (step, piece.rowStride) {
      case (0, 0): fledge_fill(result, x[0], piece.count)
      case (1, 0): fledge_repeat_row(result, x, piece.rows, piece.columns)
      case (_, 1) where piece.rows > 1 && step > 1:
        fledge_transpose(result, piece.columns, x, step, piece.columns, piece.rows)
      default:
        for row in 0..<piece.rows {
          let (result, x) = (result + row * piece.columns, x + row * piece.rowStride)
          if step == 0 {
            fledge_fill(result, x[0], piece.columns)
          } else {
            fledge_copy_strided(result, x, step, piece.columns)
          }
        }
      }
    }
  }

  private func accumulate(
    _ reduction: Reduction, _ tile: UnsafeMutablePointer<Float>, _ target: UnsafeMutablePointer<Float>, _ start: Int,
    _ count: Int
  ) {
    let step = reduction.strides[reduction.strides.count - 1]
    forEachPiece(reduction.strides, start, count) { piece in
      let (result, x) = (target + piece.offset, tile + piece.position)
      switch (reduction.kind, step, piece.rowStride) {
      case (.sum, 0, 0): result[0] += fledge_sum(x, piece.count)
      case (.sum, 0, 1): fledge_sum_rows(result, x, piece.rows, piece.columns, piece.columns)
      case (.sum, 1, 0): fledge_sum_columns(result, x, piece.rows, piece.columns)
      case (.maximum, 0, 1): fledge_maximum_rows(result, x, piece.rows, piece.columns, piece.columns)
      default:
        for row in 0..<piece.rows {
          accumulateRow(
            reduction.kind, step, result + row * piece.rowStride, x + row * piece.columns, piece.columns)
        }
      }
    }
  }

  private func accumulateRow(
    _ kind: Operation.Reduction, _ step: Int, _ result: UnsafeMutablePointer<Float>, _ x: UnsafeMutablePointer<Float>,
    _ count: Int
  ) {
    switch (kind, step) {
    case (.sum, 0): result[0] += fledge_sum(x, count)
    case (.maximum, 0):
      var greatest = fledge_maximum(x, count)
      fledge_accumulate_maximum(result, &greatest, 1)
    case (.sum, 1): fledge_accumulate_sum(result, x, count)
    case (.maximum, 1): fledge_accumulate_maximum(result, x, count)
    case (.sum, _): for index in 0..<count { result[index * step] += x[index] }
    case (.maximum, _): for index in 0..<count { fledge_accumulate_maximum(result + index * step, x + index, 1) }
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
