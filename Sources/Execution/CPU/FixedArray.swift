/// Elements that never change, in memory that threads read without counting references.
final class FixedArray<Element: BitwiseCopyable> {
  let elements: UnsafeBufferPointer<Element>

  init(_ array: [Element]) {
    let buffer = UnsafeMutableBufferPointer<Element>.allocate(capacity: array.count)
    _ = buffer.initialize(from: array)
    elements = UnsafeBufferPointer(buffer)
  }

  deinit { elements.deallocate() }
}
