import Tensors

/// A fused loop made ready: each value has its place, in storage or in a tile of working memory.
///
/// The loop runs over tiles that stay in the first-level cache together; in each tile one vector kernel an instruction.
struct TiledLoop: Kernel {
  /// Where a value's elements of the present tile are: an index into the pointers of a thread.
  typealias Place = Int

  enum Work {
    case unary(UnaryFunction, Place, into: Place)
    case vectorVector(VectorVectorFunction, Place, Place, into: Place)
    case vectorScalar(VectorScalarFunction, Place, uniform: Int, into: Place)
    case scalarVector(ScalarVectorFunction, uniform: Int, Place, into: Place)
    /// An operand that repeats, row after row of the innermost axis.
    case vectorRow(RowFunction, Place, view: Int, into: Place)
    case rowVector(RowFunction, view: Int, Place, into: Place)
    /// An operand of one number a row.
    case vectorColumn(VectorScalarFunction, Place, view: Int, into: Place)
    case columnVector(ScalarVectorFunction, view: Int, Place, into: Place)
    case select(Place, Place, Place, into: Place)
    /// The second and the third are vectors or numbers.
    case multiplyAdd(MultiplyAddFunction, Place, Factor, Factor, into: Place)
    case random(stream: UInt64, into: Place)
    case copy(Place, into: Place)
    /// A copy past the caches.
    case stream(Place, into: Place)
    case fill(uniform: Int, into: Place)
    /// Brings what does not run in the loop's order into it.
    case gather(view: Int, into: Place)
    case widen(Place, into: Place)
    case narrow(Place, into: Place)
  }

  enum Factor {
    case vector(Place)
    case uniform(Int)
  }

  /// What a place points to.
  enum Origin {
    /// Elements in the loop's own order.
    case storage(Graph.ID, elementSize: Int)
    /// A tile of working memory.
    case slot(Int)
  }

  /// What is read through strides of its own.
  struct StridedView {
    let base: Graph.ID
    let offset: Int
    let isNarrow: Bool
  }

  /// Storage that is read in the loop's order.
  struct Read {
    let place: Place
    let elementSize: Int
  }

  struct Reduction {
    let kind: Operation.Reduction
    let place: Place
    let result: Graph.ID
    let resultCount: Int
    /// Where a thread's own result begins in its working memory.
    let scratchOffset: Int
  }

  let elementCount: Int
  let tileCount: Int
  let slotCount: Int
  /// Views of one element, and whether the host computes it.
  let uniforms: [(view: View, isHostNumber: Bool)]
  let sizes: FixedArray<Int>
  let origins: FixedArray<Origin>
  let constants: FixedArray<Work>
  let works: FixedArray<Work>
  /// What memory is asked for ahead of its turn: while one tile is computed, a little before each work, that of the next. All
  /// that is read of storage, unless it is so little that a cache holds it.
  let foreseen: FixedArray<Read>
  let views: FixedArray<StridedView>
  let reductions: FixedArray<Reduction>
  /// As many as there are axes for each view, then for each reduction's result.
  let strides: FixedArray<Int>
  /// Enough work for a second thread to be worth waking.
  let isLarge: Bool
  /// What a run finds in memory, by uniform, origin, view and reduction.
  let numbers: FixedArray<Float>
  let bases: FixedArray<UnsafeMutableRawPointer>
  let viewBases: FixedArray<UnsafeMutableRawPointer>
  let results: FixedArray<UnsafeMutablePointer<Float>>

  /// Bytes that a loop reads from which on its operands are foreseen.
  private static let foreseenBytes = 7 << 20

  private static func foreseen(_ builder: TiledLoopBuilder, _ elementCount: Int) -> [Read] {
    builder.reads.reduce(0) { $0 + $1.elementSize * elementCount } >= foreseenBytes ? builder.reads : []
  }

  func scratchCount(threads: Int) -> Int {
    slotCount * tileCount + reductions.elements.reduce(0) { $0 + $1.resultCount }
  }

  init(_ loop: FusedLoop, _ plan: Plan) {
    var builder = TiledLoopBuilder(loop, plan)
    builder.build()
    elementCount = loop.elementCount
    uniforms = loop.uniforms.map { ($0, plan.roles.roles[$0.base] == .hostScalar) }
    slotCount = builder.slotCount
    // All streams of a tile together take at most 24 KiB: neighbours on the same core use the first-level cache too.
    let streams = max(1, builder.origins.count { if case .storage = $0 { true } else { false } } + slotCount)
    tileCount = min(max(256, min(2048, 6144 / streams / 16 * 16)), max(16, (elementCount + 15) / 16 * 16))
    var offset = slotCount * tileCount
    reductions = FixedArray(
      zip(loop.reductions, builder.reductionPlaces).map { reduction, place in
        let count = plan.graph[reduction.result].shape.elementCount
        defer { offset += count }
        return Reduction(
          kind: reduction.kind, place: place, result: reduction.result, resultCount: count, scratchOffset: offset)
      })
    isLarge = elementCount * (builder.works.count + loop.reductions.count) >= 32768
    sizes = FixedArray(loop.sizes)
    origins = FixedArray(builder.origins)
    constants = FixedArray(builder.constants)
    works = FixedArray(builder.works)
    foreseen = FixedArray(Self.foreseen(builder, elementCount))
    views = FixedArray(
      builder.views.map {
        StridedView(base: $0.base, offset: $0.offset, isNarrow: plan.isNarrow($0.base))
      })
    strides = FixedArray(builder.views.flatMap(\.strides) + loop.reductions.flatMap(\.strides))
    numbers = FixedArray(repeating: 0, count: uniforms.count)
    bases = FixedArray(repeating: UnsafeMutableRawPointer(Memory.nowhere), count: builder.origins.count)
    viewBases = FixedArray(repeating: UnsafeMutableRawPointer(Memory.nowhere), count: builder.views.count)
    results = FixedArray(repeating: Memory.nowhere, count: loop.reductions.count)
  }
}
