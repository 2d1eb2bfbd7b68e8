/// Why operands do not fit a primitive: a sentence with both shapes.
public struct ShapeError: Error, Sendable, Equatable, CustomStringConvertible {
  public let description: String
  public init(_ description: String) { self.description = description }

  /// What is said of a shape that is not within its limits.
  init(of what: String, beyondLimits shape: Shape) {
    self.init("\(what) would have shape \(shape), and a tensor holds at most 2⁴⁰ numbers; use smaller sizes")
  }
}

extension Operation {
  /// The table of legal nodes: the shape that the primitive gives operands of these shapes.
  ///
  /// `declared` is the shape that the node claims; it decides where the operands do not (broadcast, reshape, sources, slices,
  /// gradients towards an input). The verifier compares the two. Throws if no such node may exist.
  func resultShape(of operands: [Shape], declared: Shape) throws(ShapeError) -> Shape {
    guard operandCounts.contains(operands.count) else {
      throw ShapeError("\(title) takes \(operandCounts) operands, got \(operands.count)")
    }
    try check(declared)
    let shape = try inferredShape(of: operands, declared: declared)
    if shape != declared { try check(shape) }
    return shape
  }

  private func check(_ shape: Shape) throws(ShapeError) {
    guard shape.isWithinLimits else { throw ShapeError(of: "the result of \(title)", beyondLimits: shape) }
  }

  private func inferredShape(of operands: [Shape], declared: Shape) throws(ShapeError) -> Shape {
    switch self {
    case .input, .variable, .random: return declared
    case .constant: return .scalar
    case .iota(let axis):
      guard declared.sizes.indices.contains(axis) else { throw ShapeError("iota has no axis \(axis) in \(declared)") }
      return declared
    case .unary, .detach, .relayout, .assign: return operands[0]
    case .binary, .select:
      guard operands.allSatisfy({ $0 == operands[0] }) else {
        throw ShapeError("\(title) takes operands of one shape, got \(list(operands))")
      }
      return operands[0]
    case .normalize(let axes, _):
      try check(axes: axes, in: operands[0])
      guard operands[1] == operands[0].reducing(axes), operands[2] == operands[1] else {
        throw ShapeError("normalize takes moments over \(axes) of \(operands[0]), got \(list(operands))")
      }
      return operands[0]
    case .reduce(_, let axes):
      try check(axes: axes, in: operands[0])
      return operands[0].reducing(axes)
    case .argumentOfMaximum(let axis):
      try check(axes: [axis], in: operands[0])
      return operands[0].reducing([axis])
    case .reshape:
      guard operands[0].elementCount == declared.elementCount else {
        throw ShapeError(
          "\(operands[0]) has \(operands[0].elementCount) elements, \(declared) has \(declared.elementCount)")
      }
      return declared
    case .broadcast:
      guard operands[0].broadcast(with: declared) == declared else {
        throw ShapeError("\(operands[0]) does not broadcast to \(declared)")
      }
      return declared
    case .transpose(let order):
      guard order.sorted() == Array(operands[0].sizes.indices) else {
        throw ShapeError("\(order) is not an order of the axes of \(operands[0])")
      }
      return Shape(order.map { operands[0][$0] })
    case .slice, .pad, .concatenate, .gatherRows, .scatterRows:
      return try layoutShape(of: operands, declared: declared)
    case .matmul, .convolution, .convolutionInputGradient, .convolutionFilterGradient:
      return try contractionShape(of: operands, declared: declared)
    case .maxPool(let window), .averagePool(let window):
      return try poolShape(of: operands[0], window)
    case .maxPoolGradient(let window):
      guard operands[1] == declared, try poolShape(of: declared, window) == operands[0] else {
        throw ShapeError("\(title) of \(declared) does not fit \(list(operands))")
      }
      return declared
    case .averagePoolGradient(let window):
      guard try poolShape(of: declared, window) == operands[0] else {
        throw ShapeError("\(title) of \(declared) does not fit \(operands[0])")
      }
      return declared
    }
  }

  /// How many operands the primitive takes.
  var operandCounts: ClosedRange<Int> {
    switch self {
    case .input, .variable, .constant, .iota, .random: 0...0
    case .unary, .detach, .reduce, .argumentOfMaximum, .reshape, .broadcast, .transpose, .slice, .pad: 1...1
    case .relayout, .assign, .maxPool, .averagePool, .averagePoolGradient: 1...1
    case .binary, .gatherRows, .scatterRows, .matmul, .maxPoolGradient: 2...2
    case .convolution, .convolutionInputGradient, .convolutionFilterGradient: 2...2
    case .select, .normalize: 3...3
    case .concatenate: 1...Int.max
    }
  }

  private func layoutShape(of operands: [Shape], declared: Shape) throws(ShapeError) -> Shape {
    let shape = operands[0]
    switch self {
    case .slice(let starts, let strides):
      guard starts.count == shape.rank, strides.count == shape.rank, declared.rank == shape.rank else {
        throw ShapeError("\(title) names other axes than \(shape) has")
      }
      for axis in 0..<shape.rank where declared[axis] > 0 {
        guard starts[axis] >= 0, strides[axis] > 0,
          saturatingSum(starts[axis], saturatingProduct(declared[axis] - 1, strides[axis])) < shape[axis]
        else {
          throw ShapeError("\(title) to \(declared) leaves \(shape)")
        }
      }
      return declared
    case .pad(let low, let high):
      guard low.count == shape.rank, high.count == shape.rank, (low + high).allSatisfy({ $0 >= 0 }) else {
        throw ShapeError("\(title) does not fit \(shape)")
      }
      return Shape(shape.sizes.indices.map { saturatingSum(saturatingSum(low[$0], shape[$0]), high[$0]) })
    case .concatenate(let axis):
      try check(axes: [axis], in: shape)
      var result = shape
      result[axis] = 0
      for operand in operands {
        guard operand.rank == shape.rank, operand.reducing([axis]) == shape.reducing([axis]) else {
          throw ShapeError("\(title) takes shapes that differ along that axis alone, got \(list(operands))")
        }
        result[axis] += operand[axis]
      }
      return result
    case .gatherRows:
      guard shape.rank > 0, operands[1].rank == 1 else { throw ShapeError("\(title) does not take \(list(operands))") }
      return Shape([operands[1][0]] + shape.sizes.dropFirst())
    default:
      guard shape.rank > 0, operands[1] == [shape[0]], declared.rank == shape.rank,
        declared.sizes.dropFirst() == shape.sizes.dropFirst()
      else { throw ShapeError("\(title) to \(declared) does not take \(list(operands))") }
      return declared
    }
  }

  private func contractionShape(of operands: [Shape], declared: Shape) throws(ShapeError) -> Shape {
    switch self {
    case .matmul(let transposeFirst, let transposeSecond):
      guard operands[0].rank == 2, operands[1].rank == 2,
        operands[0][transposeFirst ? 0 : 1] == operands[1][transposeSecond ? 1 : 0]
      else { throw ShapeError("\(title) does not take \(list(operands))") }
      return [operands[0][transposeFirst ? 1 : 0], operands[1][transposeSecond ? 0 : 1]]
    case .convolution(let window):
      return try convolutionShape(images: operands[0], filters: operands[1], window)
    case .convolutionInputGradient(let window):
      let outputs = try convolutionShape(images: declared, filters: operands[1], window)
      guard outputs == operands[0] else {
        throw ShapeError("\(title) of \(declared) does not fit \(list(operands))")
      }
      return declared
    case .convolutionFilterGradient(let window):
      let outputs = try convolutionShape(images: operands[1], filters: declared, window)
      guard outputs == operands[0] else {
        throw ShapeError("\(title) of \(declared) does not fit \(list(operands))")
      }
      return declared
    default: return declared
    }
  }

  private func convolutionShape(images: Shape, filters: Shape, _ window: Window) throws(ShapeError) -> Shape {
    guard images.rank == 4 else { throw ShapeError("expected 4 axes [batch, channels, height, width], got \(images)") }
    guard filters.rank == 4, filters[2] == window.kernel.height, filters[3] == window.kernel.width, window.groups > 0,
      images[1] == saturatingProduct(filters[1], window.groups), filters[0] % window.groups == 0
    else { throw ShapeError("filters \(filters) in \(window.groups) groups do not fit images \(images)") }
    let size = window.outputSize(height: images[2], width: images[3])
    guard size.height > 0, size.width > 0 else {
      throw ShapeError("a \(window) window does not fit into images \(images)")
    }
    return [images[0], filters[0], size.height, size.width]
  }

  private func poolShape(of images: Shape, _ window: Window) throws(ShapeError) -> Shape {
    guard images.rank == 4 else { throw ShapeError("expected 4 axes [batch, channels, height, width], got \(images)") }
    let size = window.outputSize(height: images[2], width: images[3])
    guard size.height > 0, size.width > 0 else {
      throw ShapeError("a \(window) window does not fit into images \(images)")
    }
    guard window.padding.height <= window.kernel.height / 2, window.padding.width <= window.kernel.width / 2 else {
      throw ShapeError("padding \(window.padding) is more than half of the window \(window.kernel)")
    }
    return [images[0], images[1], size.height, size.width]
  }

  private func check(axes: [Int], in shape: Shape) throws(ShapeError) {
    guard axes.allSatisfy(shape.sizes.indices.contains), Set(axes).count == axes.count, axes == axes.sorted() else {
      throw ShapeError("\(title) names axes that \(shape) does not have")
    }
  }

  private func list(_ shapes: [Shape]) -> String { shapes.map(\.description).joined(separator: " and ") }
}
