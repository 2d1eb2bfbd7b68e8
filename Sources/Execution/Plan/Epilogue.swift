package import Tensors

/// What a product's kernel does to its sums before it writes them.
package struct Epilogue: Sendable, Hashable {
  /// A variable with a number for each column of a matrix, or each channel of images, that is added.
  package let bias: Graph.ID
  /// Whether what is less than 0 then becomes 0.
  package let isRectified: Bool

  fileprivate var title: String { isRectified ? "+ bias, rectified" : "+ bias" }
}

extension Tensors.Operation {
  /// Its title with what its kernel does beside it.
  func title(with epilogue: Epilogue?) -> String { epilogue.map { "\(title) \($0.title)" } ?? title }
}

extension Plan {
  /// A pass after the order of steps: loops that do no more than an epilogue move into the product that they read, where
  /// nothing else reads it and the library has a kernel for both.
  mutating func fuseEpilogues(_ library: any KernelLibrary) {
    var readers: [Graph.ID: Int] = [:]
    var makers: [Graph.ID: Int] = [:]
    for (index, step) in steps.enumerated() {
      for id in Set(reads(step)) { readers[id, default: 0] += 1 }
      if case .library(let id) = step.kernel { makers[id] = index }
    }
    for root in graph.roots { readers[roles.base(root), default: 0] += 1 }
    var isMoved = Array(repeating: false, count: steps.count)
    for (index, step) in steps.enumerated() {
      guard case .loop(let loop) = step.kernel, let (product, epilogue) = loop.epilogue(graph),
        let maker = makers[product], readers[product] == 1,
        library.fuses(epilogue, into: graph[product], operandShapes: graph[product].operands.map { graph[$0].shape })
      else { continue }
      steps[maker].writes = step.writes
      steps[maker].epilogue = epilogue
      isMoved[index] = true
    }
    steps = zip(steps, isMoved).filter { !$1 }.map(\.0)
  }
}

extension FusedLoop {
  /// The product that the loop finishes, and how; nil if it does anything else.
  fileprivate func epilogue(_ graph: Graph) -> (product: Graph.ID, Epilogue)? {
    guard reductions.isEmpty, stores.count == 1, loads.count == 2, (1...2).contains(instructions.count),
      case .binary(.add, .load(let first), .load(let second)) = instructions[0], first != second,
      stores[0].operand == .register(instructions.count - 1)
    else { return nil }
    if instructions.count == 2 {
      guard case .binary(.maximum, .register(0), .uniform(let limit)) = instructions[1],
        graph[uniforms[limit].base].operation == .constant(0)
      else { return nil }
    }
    for (product, bias) in [(loads[first], loads[second]), (loads[second], loads[first])] {
      let node = graph[product.view.base]
      guard node.operation.isProduct, product.view.offset == 0, isInOrder(product),
        node.shape.elementCount == elementCount, case .variable = graph[bias.view.base].operation,
        bias.view.offset == 0, bias.view.strides == merged(node.shape.channelStrides, of: node.shape)
      else { continue }
      return (product.view.base, Epilogue(bias: bias.view.base, isRectified: instructions.count == 2))
    }
    return nil
  }

  /// Strides of a shape's axes as those of the loop's, which stand for one or several of them; nil where they do not run on.
  private func merged(_ strides: [Int], of shape: Shape) -> [Int]? {
    var axes = shape.sizes.indices.filter { shape[$0] != 1 }[...]
    var result: [Int] = []
    for size in sizes {
      guard var axis = axes.popFirst() else { return nil }
      var count = shape[axis]
      while count < size, let inner = axes.popFirst(), strides[axis] == strides[inner] * shape[inner] {
        count *= shape[inner]
        axis = inner
      }
      guard count == size else { return nil }
      result.append(strides[axis])
    }
    return axes.isEmpty ? result : nil
  }
}

extension Shape {
  /// How one number a column of a matrix, or a channel of images, lies along the axes.
  fileprivate var channelStrides: [Int] {
    if let block = channelBlock { return [0, block, 0, 0, 1] }
    return rank == 4 ? [0, 1, 0, 0] : [0, 1]
  }
}
