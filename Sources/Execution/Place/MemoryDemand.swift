package import Tensors

extension Graph {
  /// Bytes that any plan of the graph takes at least, besides its variables: the operands and the result of the largest
  /// product, convolution or pool.
  ///
  /// Known before a plan is made, and with it before kernels are tried, which takes as much.
  package func leastBytes(_ type: ElementType) -> Int {
    let contractions = nodes.lazy.filter { $0.operation.isProduct || $0.operation.isPool }
    let elements = contractions.map { node in
      node.operands.reduce(node.shape.elementCount) { $0 + nodes[$1].shape.elementCount }
    }
    return (elements.max() ?? 0) * type.size
  }

  /// Bytes of all variables.
  package func variableBytes(_ type: ElementType) -> Int {
    variables.reduce(0) { $0 + $1.shape.elementCount * type.size }
  }
}

extension Plan {
  /// Bytes that are taken for as long as the program lives, besides variables and working memory.
  var byteCount: Int {
    storage.reduce(arena.byteCount) { sum, entry in
      if case .table(let id) = entry.value {
        sum + graph[id].shape.elementCount * ElementType.float32.size
      } else {
        sum
      }
    }
  }
}

extension MachineMemory {
  /// Throws if a program does not fit.
  static func check(program bytes: Int) throws(MemoryError) {
    try check(bytes, for: "the program", remedy: "use a smaller batch or smaller layers")
  }
}
