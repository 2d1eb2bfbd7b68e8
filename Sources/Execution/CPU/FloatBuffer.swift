/// Float32 memory of a fixed size that begins at a cache line; zeros at first.
final class FloatBuffer {
  let pointer: UnsafeMutablePointer<Float>
  let count: Int

  init(count: Int) {
    self.count = count
    let bytes = max(1, count) * MemoryLayout<Float>.stride
    let raw = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: ArenaLayout.alignment)
    pointer = raw.bindMemory(to: Float.self, capacity: max(1, count))
    pointer.initialize(repeating: 0, count: max(1, count))
  }

  deinit { UnsafeMutableRawPointer(pointer).deallocate() }

  var array: [Float] { Array(UnsafeBufferPointer(start: pointer, count: count)) }

  /// Copies as many elements as the buffer holds.
  func copy(_ elements: [Float]) {
    elements.withUnsafeBufferPointer { source in
      if let base = source.baseAddress { pointer.update(from: base, count: min(count, source.count)) }
    }
  }
}
