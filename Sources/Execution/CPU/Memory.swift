package import Tensors

/// Where a program's results lie while it runs, and what its kernels work with.
package struct Memory {
  /// By node; nodes without storage of their own hold nil.
  private var pointers: [UnsafeMutablePointer<Float>?]
  /// By node: numbers that the host computed.
  private(set) var numbers: [Double]
  package let threads: Int
  /// Floats of working memory that each thread has.
  let scratchCount: Int
  private var scratch: UnsafeMutablePointer<Float>
  /// The first random number of the step, in every stream.
  private(set) var randomPosition: UInt64 = 0
  let seed: UInt64

  init(nodes: Int, threads: Int, scratchCount: Int, seed: UInt64) {
    pointers = Array(repeating: nil, count: nodes)
    numbers = Array(repeating: 0, count: nodes)
    self.threads = threads
    self.scratchCount = scratchCount
    self.seed = seed
    scratch = Self.nowhere
  }

  /// Stands in for memory of no elements.
  static var nowhere: UnsafeMutablePointer<Float> {
    UnsafeMutablePointer(bitPattern: ArenaLayout.alignment).unsafelyUnwrapped
  }

  /// The elements of a node that has storage.
  package subscript(id: Graph.ID) -> UnsafeMutablePointer<Float> {
    get { pointers[id] ?? Self.nowhere }
    set { pointers[id] = newValue }
  }

  /// The elements of a node that is kept in bfloat16.
  package func narrow(_ id: Graph.ID) -> UnsafeMutablePointer<UInt16> {
    UnsafeMutableRawPointer(self[id]).assumingMemoryBound(to: UInt16.self)
  }

  package func scratch(of thread: Int) -> UnsafeMutablePointer<Float> { scratch + thread * scratchCount }

  mutating func begin(step: UInt64, scratch: UnsafeMutablePointer<Float>) {
    randomPosition = step << 34
    self.scratch = scratch
  }

  mutating func setNumber(_ value: Double, of id: Graph.ID) { numbers[id] = value }
}
