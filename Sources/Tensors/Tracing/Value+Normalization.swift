extension Value {
  /// (x − mean)/√(variance + ε), with x's own mean and (biased) variance over `axes`, which are returned too.
  public func normalized(over axes: [Int], epsilon: Double) -> (normalized: Value, mean: Value, variance: Value) {
    let present = axes.sorted().filter { shape.sizes.indices.contains($0) }
    let (mean, variance) = moments(over: present)
    let normalized = trace.insert(
      .normalize(axes: present, epsilon: epsilon), [id, mean.id, variance.id], shape)
    return (normalized, mean, variance)
  }

  /// Mean and (biased) variance over `axes`.
  ///
  /// Of many elements, both are taken in one pass, of the distances from the mean of a few: squares of distances from a
  /// number near the mean lose nothing when the mean's own is subtracted (Chan, Golub & LeVeque 1983, "Algorithms for
  /// computing the sample variance", shifted data).
  private func moments(over axes: [Int]) -> (mean: Value, variance: Value) {
    let few = Shape(shape.sizes.indices.map { axes.contains($0) ? min(4, shape[$0]) : shape[$0] })
    guard shape.elementCount >= 64 * few.elementCount else {
      let mean = mean(over: axes)
      return (mean, (self - mean).squared().mean(over: axes))
    }
    let near = slice(from: shape.sizes.map { _ in 0 }, sizes: few).mean(over: axes).detached()
    let distance = self - near
    let offset = distance.mean(over: axes)
    return (near + offset, max(distance.squared().mean(over: axes) - offset.squared(), 0))
  }
}
