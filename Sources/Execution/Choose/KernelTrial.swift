import Foundation
import Tensors

/// Where candidates for a kernel are run, without harm to any program.
package protocol KernelTrial<Made> {
  associatedtype Made

  /// Makes room; takes no part in the time.
  func prepare(_ made: Made)
  func run(_ made: Made)
  /// Numbers of the last result, the same places for every candidate.
  var sample: [Float] { get }
}

/// A node's kernels in the memory of trials.
struct NodeTrial: KernelTrial {
  let node: LibraryNode
  let memory: TrialMemory

  func prepare(_ kernel: any Kernel) { memory.grow(node, kernel) }
  func run(_ kernel: any Kernel) { kernel.run(memory.memory(node, kernel)) }
  var sample: [Float] { memory.sample }
}

/// Memory of no program: operands of random numbers, and a place for the result.
final class TrialMemory {
  private let threads: Int
  private var operands: [FloatBuffer] = []
  private var result = FloatBuffer(count: 0)
  private var resultCount = 0
  private var scratch = FloatBuffer(count: 0)

  init(threads: Int) { self.threads = threads }

  private func scratchPerThread(_ kernel: any Kernel) -> Int {
    ArenaLayout.rounded(kernel.scratchCount(threads: threads) * ElementType.float32.size) / ElementType.float32.size
  }

  func memory(_ node: LibraryNode, _ kernel: any Kernel) -> Memory {
    var memory = Memory(nodes: node.nodeCount, threads: threads, scratchCount: scratchPerThread(kernel), seed: 0)
    for (id, buffer) in zip(node.operands, operands) { memory[id] = buffer.pointer }
    memory[node.result] = result.pointer
    memory.begin(step: 0, scratch: scratch.pointer)
    return memory
  }

  /// Of the last result: all of a small one; of a large one every so many elements, so that every position of a tile and
  /// every channel is met.
  var sample: [Float] {
    let step = max(1, resultCount / (1 << 17)) | 1
    return stride(from: 0, to: resultCount, by: step).map { result.pointer[$0] }
  }

  func grow(_ node: LibraryNode, _ kernel: any Kernel) {
    Self.grow(&scratch, to: scratchPerThread(kernel) * threads)
    for (index, shape) in node.operandShapes.enumerated() {
      if operands.count <= index { operands.append(FloatBuffer(count: 0)) }
      if operands[index].count < shape.elementCount {
        operands[index] = FloatBuffer(count: shape.elementCount)
        operands[index].fillWithNoise(seed: UInt64(index))
      }
    }
    // Two bfloat16 numbers read as one of float32 are, but for their last digits, the second.
    resultCount = node.shape.elementCount / (node.isNarrow ? 2 : 1)
    Self.grow(&result, to: node.shape.elementCount)
  }

  private static func grow(_ buffer: inout FloatBuffer, to count: Int) {
    guard buffer.count < count else { return }
    buffer = FloatBuffer(count: count)
    buffer.touch()
  }
}

extension FloatBuffer {
  /// Numbers in -0.5 ..< 0.5: a random stretch over and over, of a length that meets no axis twice in step.
  fileprivate func fillWithNoise(seed: UInt64) {
    let length = min(count, 65_521)
    var stream = RandomStream(seed: seed, "kernel trial")
    for index in 0..<length {
      // Both halves the same, so that they are such numbers in bfloat16 too.
      let half = Float(stream.uniform(-0.5, 0.5)).bitPattern >> 16
      pointer[index] = Float(bitPattern: half << 16 | half)
    }
    for start in Swift.stride(from: length, to: count, by: length) where length > 0 {
      (pointer + start).update(from: pointer, count: min(length, count - start))
    }
  }
}

extension KernelRace.Moment {
  package static var now: Self {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    var usage = rusage()
    #if os(Linux)
      getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    #else
      getrusage(RUSAGE_SELF, &usage)
    #endif
    return Self(seconds: Double(time.tv_sec) + 1e-9 * Double(time.tv_nsec), preemptions: usage.ru_nivcsw)
  }
}
