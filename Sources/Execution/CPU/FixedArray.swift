/// As many elements for as long as it lives, in memory that threads read without counting references.
final class FixedArray<Element: BitwiseCopyable> {
  private let memory: UnsafeMutableBufferPointer<Element>

  var elements: UnsafeBufferPointer<Element> { UnsafeBufferPointer(memory) }

  init(_ array: [Element]) {
    memory = .allocate(capacity: array.count)
    _ = memory.initialize(from: array)
  }

  init(repeating element: Element, count: Int) {
    memory = .allocate(capacity: count)
    memory.initialize(repeating: element)
  }

  subscript(index: Int) -> Element {
    get { memory[index] }
    set { memory[index] = newValue }
  }

  deinit { memory.deallocate() }
}
