import CKernels
import Tensors

/// One run of a loop: plain data alone, because counting references from several threads takes longer than the arithmetic.
struct LoopRun {
  let numbers: UnsafeBufferPointer<Float>
  /// By origin: where its storage begins.
  let bases: UnsafeBufferPointer<UnsafeMutableRawPointer>
  let viewBases: UnsafeBufferPointer<UnsafeMutableRawPointer>
  let results: UnsafeBufferPointer<UnsafeMutablePointer<Float>>
  let sizes: UnsafeBufferPointer<Int>
  let origins: UnsafeBufferPointer<TiledLoop.Origin>
  let constants: UnsafeBufferPointer<TiledLoop.Work>
  let works: UnsafeBufferPointer<TiledLoop.Work>
  let foreseen: UnsafeBufferPointer<TiledLoop.Read>
  let views: UnsafeBufferPointer<TiledLoop.StridedView>
  let reductions: UnsafeBufferPointer<TiledLoop.Reduction>
  let strides: UnsafeBufferPointer<Int>
  let elementCount: Int
  let tileCount: Int
  let seed: UInt64
  let randomPosition: UInt64

  /// The pointers of a thread, by place.
  typealias Places = UnsafeMutableBufferPointer<UnsafeMutableRawPointer>

  /// Computes one thread's share.
  func callAsFunction(_ thread: Int, _ threads: Int, _ scratch: UnsafeMutablePointer<Float>) {
    let range = share(of: elementCount, thread: thread, threads: threads, grain: 16)
    // The first thread reduces into the results, the others into their working memory.
    for (index, reduction) in reductions.enumerated() {
      let target = thread == 0 ? results[index] : scratch + reduction.scratchOffset
      fledge_fill(target, reduction.kind.identity, reduction.resultCount)
    }
    guard !range.isEmpty else { return }
    withUnsafeTemporaryAllocation(of: UnsafeMutableRawPointer.self, capacity: origins.count) { places in
      withUnsafeTemporaryAllocation(of: Int.self, capacity: sizes.count) { indices in
        run(range, thread, scratch, places, indices)
      }
    }
  }

  private func run(
    _ range: Range<Int>, _ thread: Int, _ scratch: UnsafeMutablePointer<Float>, _ places: Places,
    _ indices: UnsafeMutableBufferPointer<Int>
  ) {
    for (place, origin) in origins.enumerated() {
      let start =
        switch origin {
        case .slot(let slot): UnsafeMutableRawPointer(scratch + slot * tileCount)
        case .storage(_, let elementSize):
          bases[place] + range.lowerBound * elementSize
        }
      places.initializeElement(at: place, to: start)
    }
    for work in constants { perform(work, places, tile(at: 0, tileCount, indices)) }
    var start = range.lowerBound
    while start < range.upperBound {
      let tile = tile(at: start, min(tileCount, range.upperBound - start), indices)
      perform(places, tile, ahead: min(tileCount, range.upperBound - start - tile.count))
      for (index, reduction) in reductions.enumerated() {
        let target = thread == 0 ? results[index] : scratch + reduction.scratchOffset
        accumulate(reduction.kind, index, floats(places[reduction.place]), target, tile)
      }
      for (place, origin) in origins.enumerated() {
        if case .storage(_, let elementSize) = origin { places[place] += tile.count * elementSize }
      }
      start += tile.count
    }
  }

  /// The works on a tile; `ahead` elements follow in the next.
  private func perform(_ places: Places, _ tile: Tile, ahead: Int) {
    guard !foreseen.isEmpty else {
      for work in works { perform(work, places, tile) }
      return
    }
    let step = (ahead / max(1, works.count) + 31) / 16 * 16
    var from = 0
    for work in works {
      let count = min(step, ahead - from)
      for read in foreseen {
        fledge_foresee(places[read.place] + (tile.count + from) * read.elementSize, count * read.elementSize)
      }
      from += count
      perform(work, places, tile)
    }
  }

  /// Adds what another thread reduced into its working memory.
  func collect(from scratch: UnsafeMutablePointer<Float>) {
    for (index, reduction) in reductions.enumerated() {
      let part = scratch + reduction.scratchOffset
      switch reduction.kind {
      case .sum: fledge_accumulate_sum(results[index], part, reduction.resultCount)
      case .maximum: fledge_accumulate_maximum(results[index], part, reduction.resultCount)
      }
    }
  }

  @inline(__always)
  private func floats(_ pointer: UnsafeMutableRawPointer) -> UnsafeMutablePointer<Float> {
    pointer.assumingMemoryBound(to: Float.self)
  }

  private func perform(_ work: TiledLoop.Work, _ places: Places, _ tile: Tile) {
    let count = tile.count
    @inline(__always) func at(_ place: TiledLoop.Place) -> UnsafeMutablePointer<Float> { floats(places[place]) }
    switch work {
    case .unary(let function, let x, let result): function(at(result), at(x), count)
    case .vectorVector(let function, let a, let b, let result): function(at(result), at(a), at(b), count)
    case .vectorScalar(let function, let a, let b, let result): function(at(result), at(a), numbers[b], count)
    case .scalarVector(let function, let a, let b, let result): function(at(result), numbers[a], at(b), count)
    case .vectorRow(let function, let a, let view, let result):
      forEachPiece(of: view, tile) { piece, row in
        function(at(result) + piece.position, at(a) + piece.position, row, piece.rows, piece.columns)
      }
    case .rowVector(let function, let view, let b, let result):
      forEachPiece(of: view, tile) { piece, row in
        function(at(result) + piece.position, row, at(b) + piece.position, piece.rows, piece.columns)
      }
    case .vectorColumn(let function, let a, let view, let result):
      forEachRow(of: view, tile) { position, columns, number in
        function(at(result) + position, at(a) + position, number, columns)
      }
    case .columnVector(let function, let view, let b, let result):
      forEachRow(of: view, tile) { position, columns, number in
        function(at(result) + position, number, at(b) + position, columns)
      }
    case .select(let condition, let a, let b, let result): fledge_select(at(result), at(condition), at(a), at(b), count)
    case .multiplyAdd(let function, let a, let b, let c, let result):
      let ((b, bStep), (c, cStep)) = (factor(b, places), factor(c, places))
      function(at(result), at(a), b, bStep, c, cStep, count)
    case .random(let stream, let result):
      fledge_philox_uniform(at(result), seed, stream, randomPosition &+ UInt64(tile.start), count)
    case .copy(let x, let result): fledge_copy(at(result), at(x), count)
    case .stream(let x, let result): fledge_stream(at(result), at(x), count)
    case .fill(let uniform, let result): fledge_fill(at(result), numbers[uniform], count)
    case .gather(let view, let result): gather(view, at(result), tile)
    case .widen(let x, let result):
      fledge_widen(at(result), places[x].assumingMemoryBound(to: UInt16.self), 1, count)
    case .narrow(let x, let result): fledge_narrow(places[result].assumingMemoryBound(to: UInt16.self), at(x), count)
    }
  }

  /// Where a factor begins, and the step from each of its elements to the next.
  private func factor(_ factor: TiledLoop.Factor, _ places: Places) -> (UnsafePointer<Float>, Int32) {
    switch factor {
    case .vector(let place): (UnsafePointer(floats(places[place])), 1)
    case .uniform(let index): (numbers.baseAddress.unsafelyUnwrapped + index, 0)
    }
  }

  // MARK: - Rows: what lies along the two innermost axes

  /// The strides of a view, or of the result of a reduction after all views.
  private func strides(_ index: Int) -> UnsafePointer<Int> {
    UnsafePointer(strides.baseAddress.unsafelyUnwrapped + index * sizes.count)
  }

  /// The pieces of a view that repeats row after row, with the row of each.
  @inline(__always)
  private func forEachPiece(
    of view: Int, _ tile: Tile, _ body: (Piece, UnsafePointer<Float>) -> Void
  ) {
    let base = floats(viewBases[view]) + views[view].offset
    forEachPiece(of: tile, strides(view)) { body($0, base + $0.offset) }
  }

  /// The rows of a view of one number a row.
  @inline(__always)
  private func forEachRow(
    of view: Int, _ tile: Tile, _ body: (_ position: Int, _ columns: Int, Float) -> Void
  ) {
    let base = floats(viewBases[view]) + views[view].offset
    forEachPiece(of: tile, strides(view)) { piece in
      for row in 0..<piece.rows {
        body(piece.position + row * piece.columns, piece.columns, base[piece.offset + row * piece.rowStride])
      }
    }
  }

  private func gather(_ view: Int, _ elements: UnsafeMutablePointer<Float>, _ tile: Tile) {
    let strides = strides(view)
    let step = strides[sizes.count - 1]
    if views[view].isNarrow {
      let source = viewBases[view].assumingMemoryBound(to: UInt16.self) + views[view].offset
      forEachPiece(of: tile, strides) { piece in
        for row in 0..<piece.rows {
          fledge_widen(
            elements + piece.position + row * piece.columns, source + piece.offset + row * piece.rowStride, step,
            piece.columns)
        }
      }
      return
    }
    let source = floats(viewBases[view]) + views[view].offset
    forEachPiece(of: tile, strides) { piece in
      let (result, x) = (elements + piece.position, source + piece.offset)
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
    _ kind: Operation.Reduction, _ index: Int, _ elements: UnsafeMutablePointer<Float>,
    _ target: UnsafeMutablePointer<Float>, _ tile: Tile
  ) {
    let strides = strides(views.count + index)
    let step = strides[sizes.count - 1]
    forEachPiece(of: tile, strides) { piece in
      let (result, x) = (target + piece.offset, elements + piece.position)
      switch (kind, step, piece.rowStride) {
      case (.sum, 0, 0): result[0] += fledge_sum(x, piece.count)
      case (.sum, 0, 1): fledge_sum_rows(result, x, piece.rows, piece.columns, piece.columns)
      case (.sum, 1, 0): fledge_sum_columns(result, x, piece.rows, piece.columns)
      case (.maximum, 0, 1): fledge_maximum_rows(result, x, piece.rows, piece.columns, piece.columns)
      default:
        for row in 0..<piece.rows {
          accumulateRow(kind, step, result + row * piece.rowStride, x + row * piece.columns, piece.columns)
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
