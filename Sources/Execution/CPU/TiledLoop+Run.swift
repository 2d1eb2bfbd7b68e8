import Tensors

extension TiledLoop {
  func run(_ memory: Memory) { TiledLoop.run([self], memory) }

  /// Runs loops of which none touches what another writes: each is divided among the threads, who meet once, at the end.
  /// Of several loops none reduces, because what a thread reduces lies where the next loop works.
  static func run(_ loops: [TiledLoop], _ memory: Memory) {
    let (scratch, scratchCount) = (memory.scratch(of: 0), memory.scratchCount)
    var teamSize = 1
    let runs = loops.map { $0.prepared(memory) }
    runs.withUnsafeBufferPointer { runs in
      parallel(loops.contains(where: \.isLarge) ? memory.threads : 1) { thread, threads in
        if thread == 0 { teamSize = threads }
        for run in runs { run(thread, threads, scratch + thread * scratchCount) }
      }
      for run in runs {
        for thread in 1..<max(1, teamSize) { run.collect(from: scratch + thread * scratchCount) }
      }
    }
  }

  /// The loop with what it finds in memory now; good until it is prepared again.
  private func prepared(_ memory: Memory) -> LoopRun {
    for (index, (view, isHostNumber)) in uniforms.enumerated() {
      numbers[index] = isHostNumber ? Float(memory.numbers[view.base]) : memory[view.base][view.offset]
    }
    for (index, origin) in origins.elements.enumerated() {
      if case .storage(let id, _) = origin { bases[index] = UnsafeMutableRawPointer(memory[id]) }
    }
    for (index, view) in views.elements.enumerated() { viewBases[index] = UnsafeMutableRawPointer(memory[view.base]) }
    for (index, reduction) in reductions.elements.enumerated() { results[index] = memory[reduction.result] }
    return LoopRun(
      numbers: numbers.elements, bases: bases.elements, viewBases: viewBases.elements, results: results.elements,
      sizes: sizes.elements, origins: origins.elements, constants: constants.elements, works: works.elements,
      foreseen: foreseen.elements,
      views: views.elements, reductions: reductions.elements, strides: strides.elements, elementCount: elementCount,
      tileCount: tileCount, seed: memory.seed, randomPosition: memory.randomPosition)
  }
}

/// Several loops, of which none touches what another writes.
struct LoopGroup: Kernel {
  let loops: [TiledLoop]

  func scratchCount(threads: Int) -> Int { loops.map { $0.scratchCount(threads: threads) }.max() ?? 0 }

  func run(_ memory: Memory) { TiledLoop.run(loops, memory) }
}
