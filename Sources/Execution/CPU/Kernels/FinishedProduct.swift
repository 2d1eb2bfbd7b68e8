import Tensors

/// A product by a kernel that has no epilogues, and its epilogue after it.
struct FinishedProduct: Kernel {
  let product: any Kernel
  let epilogue: TiledLoop

  var note: String? { product.note.map { "\($0), epilogue afterwards" } }
  var performedOperations: Double? { product.performedOperations }

  func scratchCount(threads: Int) -> Int {
    max(product.scratchCount(threads: threads), epilogue.scratchCount(threads: threads))
  }

  func run(_ memory: Memory) throws(ExecutionError) {
    try product.run(memory)
    epilogue.run(memory)
  }
}

extension LibraryNode {
  /// The node's kernel, made of one for its product alone; nil if there is none.
  package func finishing(_ makeProduct: (LibraryNode) -> (any Kernel)?) -> (any Kernel)? {
    guard let finish else { return makeProduct(self) }
    return makeProduct(withoutEpilogue).map { FinishedProduct(product: $0, epilogue: finish) }
  }

  /// The kernel for the node with its epilogue, or where there is none, as `finishing` makes it.
  package func finished(_ make: (LibraryNode) -> (any Kernel)?) -> (any Kernel)? {
    make(self) ?? (finish == nil ? nil : finishing(make))
  }
}
