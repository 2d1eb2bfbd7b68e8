import CKernels
import Tensors

extension TiledLoop {
  func run(_ memory: Memory) {
    let numbers = zip(uniforms, isHostNumber).map { view, isHostNumber in
      isHostNumber ? Float(memory.numbers[view.base]) : memory[view.base][view.offset]
    }
    let bases: [UnsafeMutableRawPointer?] = origins.elements.map { origin in
      if case .storage(let id, _) = origin { UnsafeMutableRawPointer(memory[id]) } else { nil }
    }
    let viewBases = views.elements.map { UnsafeMutableRawPointer(memory[$0.base]) }
    let results = reductions.elements.map { memory[$0.result] }
    numbers.withUnsafeBufferPointer { numbers in
      bases.withUnsafeBufferPointer { bases in
        viewBases.withUnsafeBufferPointer { viewBases in
          results.withUnsafeBufferPointer { results in
            let run = LoopRun(
              numbers: numbers, bases: bases, viewBases: viewBases, results: results, sizes: sizes.elements,
              origins: origins.elements, constants: constants.elements, works: works.elements, views: views.elements,
              reductions: reductions.elements, strides: strides.elements, elementCount: elementCount,
              tileCount: tileCount, seed: memory.seed, randomPosition: memory.randomPosition)
            perform(run, memory)
          }
        }
      }
    }
  }

  private func perform(_ run: LoopRun, _ memory: Memory) {
    let scratch = memory.scratch(of: 0)
    let scratchCount = memory.scratchCount
    var teamSize = 1
    parallel(isLarge ? memory.threads : 1) { thread, threads in
      if thread == 0 { teamSize = threads }
      run(thread, threads, scratch + thread * scratchCount)
    }
    for thread in 1..<max(1, teamSize) { run.collect(from: scratch + thread * scratchCount) }
  }
}
