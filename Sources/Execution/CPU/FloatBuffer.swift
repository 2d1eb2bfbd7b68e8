import Foundation

/// Float32 memory of a fixed size that begins at a cache line; zeros at first.
final class FloatBuffer {
  let pointer: UnsafeMutablePointer<Float>
  let count: Int
  private let mapping: UnsafeMutableRawBufferPointer?

  /// Bytes of a large page: with small ones, the first touch of a large arena and looking up its addresses take longer than
  /// many a loop over it.
  private static let page = 2 << 20

  init(count: Int) {
    self.count = count
    let bytes = max(1, count) * MemoryLayout<Float>.stride
    mapping = bytes >= 2 * Self.page ? Self.map(bytes) : nil
    if let mapping, let base = mapping.baseAddress {
      let start = base.alignedUp(toMultipleOf: Self.page)
      madvise(start, bytes, MADV_HUGEPAGE)
      pointer = start.bindMemory(to: Float.self, capacity: count)
    } else {
      let raw = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: ArenaLayout.alignment)
      pointer = raw.bindMemory(to: Float.self, capacity: max(1, count))
      pointer.initialize(repeating: 0, count: max(1, count))
    }
  }

  deinit {
    if let mapping {
      munmap(mapping.baseAddress, mapping.count)
    } else {
      UnsafeMutableRawPointer(pointer).deallocate()
    }
  }

  /// Memory that the system clears as it is touched, with room to begin at a large page.
  private static func map(_ bytes: Int) -> UnsafeMutableRawBufferPointer? {
    let count = bytes + page
    let address = mmap(nil, count, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    guard let address, address != MAP_FAILED else { return nil }
    return UnsafeMutableRawBufferPointer(start: address, count: count)
  }

  /// Has the system clear the memory now, and not in the middle of a measurement.
  func touch() {
    for index in stride(from: 0, to: count, by: 1024) { pointer[index] = 0 }
  }

  var array: [Float] { Array(UnsafeBufferPointer(start: pointer, count: count)) }

  /// Copies as many elements as the buffer holds.
  func copy(_ elements: [Float]) {
    elements.withUnsafeBufferPointer { source in
      if let base = source.baseAddress { pointer.update(from: base, count: min(count, source.count)) }
    }
  }
}
