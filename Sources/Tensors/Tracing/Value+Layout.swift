extension Value {
  /// The same elements, row-major, under another shape.
  public func reshaped(_ shape: Shape) -> Value { trace.insert(.reshape, [id], shape) }

  /// Repeated along axes of size one, and along new axes in front.
  public func broadcast(to shape: Shape) -> Value { trace.insert(.broadcast, [id], shape) }

  /// The axes in another order: axis i of the result is axis `order[i]` of this.
  public func transposed(_ order: [Int]) -> Value { trace.insert(.transpose(order), [id], shape) }

  /// The matrix transposed.
  public func transposed() -> Value { transposed([1, 0]) }

  /// The part of `sizes` that begins at `starts`, every `strides`-th element.
  public func slice(from starts: [Int], sizes: Shape, strides: [Int]? = nil) -> Value {
    trace.insert(.slice(starts: starts, strides: strides ?? sizes.sizes.map { _ in 1 }), [id], sizes)
  }

  /// Zeros before and after each axis.
  public func padded(low: [Int], high: [Int]) -> Value { trace.insert(.pad(low: low, high: high), [id], shape) }

  /// This followed by others along an axis.
  public func concatenated(with others: [Value], axis: Int) -> Value {
    trace.insert(.concatenate(axis: axis), [id] + others.map(\.id), shape)
  }

  /// Rows at the given indices `[n]`: `[rows, …]` → `[n, …]`.
  public func gatheringRows(_ indices: Value) -> Value { trace.insert(.gatherRows, [id, indices.id], shape) }

  /// All but the first axis as one: `[batch, …]` → `[batch, features]`.
  public func flattened() -> Value {
    guard shape.rank > 0 else {
      trace.report(ShapeError("cannot flatten a scalar"))
      return self
    }
    return reshaped([shape[0], Shape(Array(shape.sizes.dropFirst())).elementCount])
  }

  /// This, of one element a channel `[channels]`, ready to broadcast over `[batch, channels, …]` of the given rank.
  public func alongChannels(ofRank rank: Int) -> Value {
    rank <= 2 ? self : reshaped(Shape([shape.elementCount] + Array(repeating: 1, count: rank - 2)))
  }

  /// Class indices `[batch]` as rows that are 1 at the class and 0 elsewhere, `[batch, classes]`.
  public func oneHot(_ classes: Int) -> Value {
    trace.iota([shape.elementCount, classes], axis: 1) .== reshaped([shape.elementCount, 1])
  }
}

// MARK: - Reductions

extension Value {
  /// The sum over axes (all of them by default), which stay at size one.
  public func sum(over axes: [Int]? = nil) -> Value { reduce(.sum, axes) }
  public func maximum(over axes: [Int]? = nil) -> Value { reduce(.maximum, axes) }

  public func mean(over axes: [Int]? = nil) -> Value {
    let count = (axes ?? Array(shape.sizes.indices)).reduce(1) {
      $0 * (shape.sizes.indices.contains($1) ? shape[$1] : 1)
    }
    return sum(over: axes) * (1 / Double(count))
  }

  /// The sum of all elements, a scalar.
  public func total() -> Value { sum().reshaped(.scalar) }

  /// The index of the first maximum along an axis, which stays at size one.
  public func argumentOfMaximum(axis: Int) -> Value { trace.insert(.argumentOfMaximum(axis: axis), [id], shape) }

  /// log Σ eˣ along an axis, which stays at size one; shifted by the maximum, so that nothing overflows.
  public func logarithmOfSumOfExponentials(axis: Int) -> Value {
    let shift = maximum(over: [axis]).detached()
    return (self - shift).exponential().sum(over: [axis]).logarithm() + shift
  }

  /// eˣ/Σ eˣ along an axis. Shifting by the maximum changes nothing but keeps the exponentials finite.
  public func softmax(axis: Int) -> Value {
    let powers = (self - maximum(over: [axis]).detached()).exponential()
    return powers / powers.sum(over: [axis])
  }

  private func reduce(_ reduction: Operation.Reduction, _ axes: [Int]?) -> Value {
    trace.insert(.reduce(reduction, axes: (axes ?? Array(shape.sizes.indices)).sorted()), [id], shape)
  }
}

// MARK: - Contractions

extension Value {
  /// The matrix product, each matrix transposed first if so said.
  public func matmul(_ other: Value, transposeFirst: Bool = false, transposeSecond: Bool = false) -> Value {
    trace.insert(
      .matmul(transposeFirst: transposeFirst, transposeSecond: transposeSecond), [id, other.id],
      shape.rank == 2 && other.shape.rank == 2
        ? [shape[transposeFirst ? 1 : 0], other.shape[transposeSecond ? 0 : 1]] : shape)
  }

  /// Images `[batch, inputs, height, width]` cross-correlated with filters `[outputs, inputs / groups, height, width]`.
  public func convolution(_ filters: Value, _ window: Window) -> Value {
    trace.insert(.convolution(window), [id, filters.id], shape)
  }

  /// The transpose of `convolution`: from the shape of its result to `images`, with filters `[channels, …]` of this value's.
  public func convolutionTranspose(_ filters: Value, _ window: Window, to images: Shape) -> Value {
    trace.insert(.convolutionInputGradient(window), [id, filters.id], images)
  }
}
