package import Tensors

/// What a product's kernel does to its sums before it writes them: it adds the bias, adds another result, and applies the
/// activation, in this order; each may be missing.
///
///     %2 [8, 4] = matmul(%0, %1)
///     %4 [8, 4] = broadcast(%3)           %3 [4] is a variable: the bias
///     %5 [8, 4] = add(%2, %4)
///     %8 [8, 4] = add(%5, %7)             %7 [8, 4], of another kernel: the addend
///     %9 [8, 4] = tanh(%8)                the activation
///
/// A kernel for the product and a loop for the rest become one kernel, `matmul + bias + sum, tanh`, that writes %9 alone.
package struct Epilogue {
  package enum Activation: String, Sendable {
    /// 0 in place of what is less.
    case rectified
    case sigmoid
    case tanh
  }

  /// A variable with a number for each column of a matrix, or each channel of images.
  package let bias: Graph.ID?
  /// A result of the product's shape.
  package let addend: Graph.ID?
  package let activation: Activation?
  /// The same as a loop, for kernels that have no epilogues: they write the product where the result is to lie, and the loop
  /// reads it there and writes the result over it.
  let loop: FusedLoop

  /// What it reads beside the product.
  var operands: [Graph.ID] { [bias, addend].compactMap(\.self) }

  fileprivate var title: String {
    let added = (bias == nil ? "" : " + bias") + (addend == nil ? "" : " + sum")
    return added + (activation.map { ", \($0.rawValue)" } ?? "")
  }
}

extension Tensors.Operation {
  /// Its title with what its kernel does beside it.
  func title(with epilogue: Epilogue?) -> String { title + (epilogue?.title ?? "") }
}

extension Plan {
  /// A pass after the order of steps: a loop that does no more than an epilogue becomes part of the product that it reads, if
  /// nothing else reads the product, what else the loop reads is there before it, and the library has a kernel of both.
  mutating func fuseEpilogues(_ library: any KernelLibrary) {
    var readers: [Graph.ID: Int] = [:]
    var makers: [Graph.ID: Int] = [:]
    for (index, step) in steps.enumerated() {
      for id in Set(reads(step)) { readers[id, default: 0] += 1 }
      for id in step.writes { makers[id] = index }
    }
    for root in graph.roots { readers[roles.base(root), default: 0] += 1 }
    var isMoved = Array(repeating: false, count: steps.count)
    for (index, step) in steps.enumerated() {
      guard case .loop(let loop) = step.work, loop.stores.count == 1 else { continue }
      // Of two products that are added, the later finishes both.
      let products = loop.loads.map(\.view.base).filter { graph[$0].operation.isProduct && readers[$0] == 1 }
        .sorted { makers[$0] ?? 0 > makers[$1] ?? 0 }
      for product in products {
        guard let maker = makers[product], steps[maker].epilogue == nil,
          let epilogue = loop.epilogue(of: product, graph),
          epilogue.operands.allSatisfy({ makers[$0] ?? -1 < maker }),
          library.fuses(epilogue, into: graph[product], operands: graph[product].operands.map { graph[$0].stored })
        else { continue }
        steps[maker].writes = step.writes
        steps[maker].epilogue = epilogue
        for id in step.writes { makers[id] = maker }
        isMoved[index] = true
        break
      }
    }
    steps = zip(steps, isMoved).filter { !$1 }.map(\.0)
  }
}

extension FusedLoop {
  /// What the loop does to a product; nil if that is no epilogue.
  fileprivate func epilogue(of product: Graph.ID, _ graph: Graph) -> Epilogue? {
    let node = graph[product]
    guard reductions.isEmpty, node.shape.elementCount == elementCount,
      let start = loads.firstIndex(where: { $0.view.base == product }), isWhole(loads[start])
    else { return nil }
    var (bias, addend, activation): (Graph.ID?, Graph.ID?, Epilogue.Activation?)
    var sum = Operand.load(start)
    for (index, instruction) in instructions.enumerated() {
      guard activation == nil else { return nil }
      switch instruction {
      case .binary(.add, sum, .load(let other)), .binary(.add, .load(let other), sum):
        let view = loads[other].view
        if bias == nil, case .variable = graph[view.base].operation, view.offset == 0,
          view.strides == merged(node.stored.channelStrides, of: node.stored.memory)
        {
          bias = view.base
        } else if addend == nil, view.base != product, isWhole(loads[other]) {
          addend = view.base
        } else {
          return nil
        }
      case .binary(.maximum, sum, .uniform(let limit)) where graph[uniforms[limit].base].operation == .constant(0):
        activation = .rectified
      case .unary(.sigmoid, sum): activation = .sigmoid
      case .unary(.tanh, sum): activation = .tanh
      default: return nil
      }
      sum = .register(index)
    }
    guard sum != .load(start), stores[0].operand == sum else { return nil }
    return Epilogue(
      bias: bias, addend: addend, activation: activation, loop: reading(stores[0].target, insteadOf: product))
  }

  private func isWhole(_ load: Load) -> Bool { load.view.offset == 0 && isInOrder(load) }

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

extension StoredShape {
  /// How one number a column of a matrix, or a channel of images, lies along the axes of the memory.
  fileprivate var channelStrides: [Int] { alongMemory(shape.rank == 4 ? [0, 1, 0, 0] : [0, 1]) }
}
