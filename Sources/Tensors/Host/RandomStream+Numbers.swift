import Dispatch

extension RandomStream {
  /// `count` numbers, each drawn from `words` words of the stream: the same as one drawn after another, by all processors.
  public mutating func numbers<Number: BinaryFloatingPoint & Sendable>(
    _ count: Int, words: Int, draw: @Sendable (inout RandomStream) -> Number
  ) -> [Number] {
    let (first, share) = (self, 1 << 14)
    skip(count * words)
    return [Number](unsafeUninitializedCapacity: count) { buffer, initialized in
      // Every share fills its own part, once.
      nonisolated(unsafe) let buffer = buffer
      DispatchQueue.concurrentPerform(iterations: (count + share - 1) / share) { index in
        var own = first
        own.skip(index * share * words)
        for position in index * share..<min(count, (index + 1) * share) {
          buffer.initializeElement(at: position, to: draw(&own))
        }
      }
      initialized = count
    }
  }
}
