import Foundation

extension Operation {
  /// The table of derivatives: what each operand receives of the gradient of the result y; nil where none passes.
  ///
  /// Every rule is made of primitives, so that second derivatives and all backends come free. A rule may skip operands that
  /// are not `needed`.
  func operandGradients(
    of y: Value, operands: [Value], gradient g: Value, needed: [Bool]
  ) throws(GradientError) -> [Value?] {
    let x = operands.first ?? y
    switch self {
    case .input, .variable, .constant, .iota, .random: return []
    case .unary(let unary): return [unary.operandGradient(x: x, y: y, gradient: g)]
    case .binary(let binary): return binary.operandGradients(a: x, b: operands[1], y: y, gradient: g, needed: needed)
    case .select:
      let zero = g.trace.constant(0)
      return [nil, needed[1] ? x.select(g, zero) : nil, needed[2] ? x.select(zero, g) : nil]
    case .relayout: return [g]
    case .detach, .argumentOfMaximum, .assign: return operands.map { _ in nil }
    case .normalize(let axes, let epsilon):
      // Ioffe & Szegedy 2015, the gradients of section 3, collected: mean and variance are functions of x.
      let scale = (operands[2] + epsilon).squareRoot().reciprocal()
      return [scale * (g - g.mean(over: axes) - y * (g * y).mean(over: axes)), nil, nil]
    case .reduce(.sum, _): return [g.broadcast(to: x.shape)]
    case .reduce(.maximum, let axes):
      let isMaximum = x .== y
      return [isMaximum * (g / isMaximum.sum(over: axes))]
    case .reshape: return [g.reshaped(x.shape)]
    case .broadcast: return [g.summed(to: x.shape)]
    case .transpose(let order):
      return [g.transposed(order.indices.map { axis in order.firstIndex(of: axis) ?? axis })]
    case .slice(let starts, let strides): return [try sliceGradient(g, of: x, starts: starts, strides: strides)]
    case .pad(let low, _): return [g.slice(from: low, sizes: x.shape)]
    case .concatenate(let axis):
      var start = Array(repeating: 0, count: x.shape.rank)
      return operands.map { operand in
        defer { start[axis] += operand.shape[axis] }
        return g.slice(from: start, sizes: operand.shape)
      }
    case .gatherRows: return [g.trace.insert(.scatterRows, [g.id, operands[1].id], x.shape), nil]
    case .scatterRows: return [g.gatheringRows(operands[1]), nil]
    case .matmul(let first, let second):
      return Self.matmulGradients(x, operands[1], g, (first, second), needed)
    case .convolution(let window):
      return [
        needed[0] ? g.convolutionTranspose(operands[1], window, to: x.shape) : nil,
        needed[1] ? g.trace.insert(.convolutionFilterGradient(window), [g.id, x.id], operands[1].shape) : nil,
      ]
    case .convolutionInputGradient(let window):
      return [
        needed[0] ? g.convolution(operands[1], window) : nil,
        needed[1] ? g.trace.insert(.convolutionFilterGradient(window), [x.id, g.id], operands[1].shape) : nil,
      ]
    case .convolutionFilterGradient(let window):
      return [
        needed[0] ? operands[1].convolution(g, window) : nil,
        needed[1] ? x.convolutionTranspose(g, window, to: operands[1].shape) : nil,
      ]
    case .maxPool(let window): return [g.trace.insert(.maxPoolGradient(window), [g.id, x.id], x.shape)]
    case .maxPoolGradient:
      throw GradientError(description: "max pooling has no second derivative here")
    case .averagePool(let window): return [g.trace.insert(.averagePoolGradient(window), [g.id], x.shape)]
    case .averagePoolGradient(let window): return [g.averagePool(window)]
    }
  }

  /// Of C = A B, with either transposed: dA = G Bᵀ, dB = Aᵀ G, each written so that nothing is transposed in memory.
  private static func matmulGradients(
    _ a: Value, _ b: Value, _ g: Value, _ transposed: (first: Bool, second: Bool), _ needed: [Bool]
  ) -> [Value?] {
    let first =
      transposed.first
      ? b.matmul(g, transposeFirst: transposed.second, transposeSecond: true)
      : g.matmul(b, transposeSecond: !transposed.second)
    let second =
      transposed.second
      ? g.matmul(a, transposeFirst: true, transposeSecond: transposed.first)
      : a.matmul(g, transposeFirst: !transposed.first)
    return [needed[0] ? first : nil, needed[1] ? second : nil]
  }

  private func sliceGradient(
    _ g: Value, of x: Value, starts: [Int], strides: [Int]
  ) throws(GradientError) -> Value {
    guard strides.allSatisfy({ $0 == 1 }) else {
      throw GradientError(description: "a slice with strides \(strides) has no gradient here")
    }
    let high = x.shape.sizes.indices.map { x.shape[$0] - starts[$0] - g.shape[$0] }
    return g.padded(low: starts, high: high)
  }
}

extension Operation.Unary {
  /// g · dy/dx.
  func operandGradient(x: Value, y: Value, gradient g: Value) -> Value? {
    switch self {
    case .negate: -g
    case .absolute: g * x.sign()
    case .sign, .floor: nil
    case .squareRoot: g * 0.5 / y
    case .reciprocal: -(g * y * y)
    case .exponential: g * y
    case .logarithm: g / x
    case .exponentialMinusOne: g * (y + 1)
    case .logarithmOnePlus: g / (x + 1)
    case .tanh: g * (1 - y * y)
    case .sigmoid: g * (y * (1 - y))
    case .errorFunction: g * (2 / Double.pi.squareRoot() * (-(x * x)).exponential())
    case .sine: g * x.cosine()
    case .cosine: -(g * x.sine())
    }
  }
}

extension Operation.Binary {
  /// g · ∂y/∂a and g · ∂y/∂b.
  func operandGradients(a: Value, b: Value, y: Value, gradient g: Value, needed: [Bool]) -> [Value?] {
    switch self {
    case .add: return [g, g]
    case .subtract: return [g, -g]
    case .multiply: return [g * b, g * a]
    case .divide: return [g / b, needed[1] ? -(g * y / b) : nil]
    case .maximum:
      // b < y where b < a; unlike a, y is often kept for other reasons.
      let zero = g.trace.constant(0)
      return [(b .< y).select(g, zero), needed[1] ? (b .< y).select(zero, g) : nil]
    case .minimum:
      let zero = g.trace.constant(0)
      return [(b .< a).select(zero, g), needed[1] ? (b .< a).select(g, zero) : nil]
    case .power:
      return [
        needed[0] ? g * b * a.raised(to: b - 1) : nil,
        needed[1] ? g * y * a.logarithm() : nil,
      ]
    case .less, .equal: return [nil, nil]
    }
  }
}

extension Value {
  /// The sum over all axes that a broadcast from `shape` to this shape added or stretched.
  func summed(to shape: Shape) -> Value {
    let added = self.shape.rank - shape.rank
    let axes = self.shape.sizes.indices.filter { $0 < added || (shape[$0 - added] == 1 && self.shape[$0] != 1) }
    return sum(over: Array(axes)).reshaped(shape)
  }
}
