import Tensors

/// A fused loop made ready: each value has its place, in storage or in a tile of working memory.
///
/// The loop runs over tiles that stay in the first-level cache together; in each tile one vector kernel an instruction.
struct TiledLoop: Kernel {
  /// Where a value's elements of the present tile are: an index into the pointers of a thread.
  typealias Place = Int

  enum Work {
    case unary(UnaryKernel, Place, into: Place)
    case vectorVector(VectorVectorKernel, Place, Place, into: Place)
    case vectorScalar(VectorScalarKernel, Place, uniform: Int, into: Place)
    case scalarVector(ScalarVectorKernel, uniform: Int, Place, into: Place)
    case select(Place, Place, Place, into: Place)
    case random(stream: UInt64, into: Place)
    case copy(Place, into: Place)
    case fill(uniform: Int, into: Place)
  }

  /// What a place points to.
  enum Origin {
    /// Elements in the loop's own order.
    case storage(Graph.ID)
    /// A tile of working memory.
    case slot(Int)
  }

  /// A load that does not run in the loop's order, and is brought into it tile by tile.
  struct Gathering {
    let base: Graph.ID
    let offset: Int
    let strides: [Int]
    let place: Place
  }

  struct Reduction {
    let kind: Operation.Reduction
    let place: Place
    let result: Graph.ID
    let strides: [Int]
    let resultCount: Int
    /// Where a thread's own result begins in its working memory.
    let scratchOffset: Int
  }

  let sizes: [Int]
  let elementCount: Int
  let tileCount: Int
  let uniforms: [View]
  /// Which of the uniforms the host computes.
  let isHostNumber: [Bool]
  private(set) var origins: [Origin] = []
  private(set) var gatherings: [Gathering] = []
  private(set) var constants: [Work] = []
  private(set) var works: [Work] = []
  private(set) var reductions: [Reduction] = []
  private(set) var slotCount = 0

  func scratchCount(threads: Int) -> Int {
    slotCount * tileCount + reductions.reduce(0) { $0 + $1.resultCount }
  }

  /// Enough work for a second thread to be worth waking.
  var isLarge: Bool { elementCount * (works.count + gatherings.count + reductions.count) >= 32768 }

  init(_ loop: FusedLoop, _ plan: Plan) {
    sizes = loop.sizes
    elementCount = loop.elementCount
    uniforms = loop.uniforms
    isHostNumber = loop.uniforms.map { plan.roles.roles[$0.base] == .hostScalar }
    var builder = TiledLoopBuilder(loop, plan)
    builder.build()
    origins = builder.origins
    gatherings = builder.gatherings
    constants = builder.constants
    works = builder.works
    slotCount = builder.slotCount
    // All streams of a tile together take at most 32 KiB.
    let streams = max(1, origins.count { if case .storage = $0 { true } else { false } } + slotCount)
    tileCount = min(max(256, min(2048, 8192 / streams / 16 * 16)), max(16, (elementCount + 15) / 16 * 16))
    var offset = slotCount * tileCount
    for (reduction, place) in zip(loop.reductions, builder.reductionPlaces) {
      let count = plan.graph[reduction.result].shape.elementCount
      reductions.append(
        Reduction(
          kind: reduction.kind, place: place, result: reduction.result, strides: reduction.strides,
          resultCount: count, scratchOffset: offset))
      offset += count
    }
  }
}
