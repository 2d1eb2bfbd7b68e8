import Foundation
import Tensors

/// Where candidates for a kernel are run, without harm to any program.
///
/// Example: `[2, 3] · [3, 4] → [2, 4]` can be computed by "sgemm" and by "OpenBLAS". A ``NodeTrial`` holds two operands
/// of 6 and 12 random numbers and room for a result of 8. It runs whichever kernel it is given on these, so that both
/// do the same work, and its sample is then the 8 numbers that the kernel wrote.
package protocol KernelTrial<Made> {
  associatedtype Made

  /// Makes room; takes no part in the time.
  func prepare(_ made: Made)

  /// Throws if the candidate fails: it is then out of the race.
  func run(_ made: Made) throws(ExecutionError)

  /// Numbers of the last result, the same places for every candidate.
  var sample: [Float] { get }
}

/// A node's kernels in the memory of trials.
struct NodeTrial: KernelTrial {
  let node: LibraryNode
  let memory: TrialMemory

  func prepare(_ kernel: any Kernel) { memory.grow(node, kernel) }
  func run(_ kernel: any Kernel) throws(ExecutionError) { try kernel.run(memory.memory(node, kernel)) }
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

  /// At most some 131,000 numbers of the last result, evenly spaced. The spacing is odd, so that in time it meets every
  /// column of a tile and every channel of a block, whose sizes are powers of two.
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
    // A bfloat16 is the leading half of a Float32. The sample reads a result in bfloat16 as half as many Float32, each
    // of two neighbours, of which the second is the leading half: 1.5 and 2.5 read as 2.504. So it compares every
    // second number, and the others change only digits that no tolerance looks at.
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
  /// Numbers in -0.5 ..< 0.5: 65,521 random ones, then the same again and again. That length is a prime, so that rows
  /// of an operand differ from each other.
  fileprivate func fillWithNoise(seed: UInt64) {
    let length = min(count, 65_521)
    var stream = RandomStream(seed: seed, "kernel trial")
    for index in 0..<length {
      // The same bfloat16 in both halves: the buffer holds such numbers whether a kernel reads it as Float32 or as
      // bfloat16.
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
