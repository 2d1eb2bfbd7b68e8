import Tensors

extension Tensor {
  /// Normal numbers.
  static func normal(
    _ shape: Shape, mean: Double = 0, deviation: Double, _ stream: inout RandomStream
  ) -> Tensor {
    drawn(shape, &stream, words: 2) { mean + deviation * $0.normal() }
  }

  /// Numbers in −bound..<bound, all equally likely.
  static func uniform(_ shape: Shape, bound: Double, _ stream: inout RandomStream) -> Tensor {
    uniform(shape, -bound, bound, &stream)
  }

  /// Numbers in low..<high, all equally likely.
  static func uniform(_ shape: Shape, _ low: Double, _ high: Double, _ stream: inout RandomStream) -> Tensor {
    drawn(shape, &stream, words: 1) { $0.uniform(low, high) }
  }

  /// Numbers each drawn from `words` words of the stream.
  private static func drawn(
    _ shape: Shape, _ stream: inout RandomStream, words: Int, draw: @Sendable (inout RandomStream) -> Double
  ) -> Tensor {
    Tensor(unchecked: shape, .float64(stream.numbers(shape.elementCount, words: words, draw: draw)))
  }
}

extension Fan {
  /// The variance that keeps the mean of forward and backward spread, 2/(in + out) (Glorot & Bengio 2010).
  var glorotVariance: Double { 2 / Double(max(1, input + output)) }

  /// The variance that keeps the spread of an input through a sum, 1/in (LeCun et al. 1998).
  var lecunVariance: Double { 1 / Double(max(1, input)) }
}

extension Double {
  /// The bound of a uniform distribution around zero whose variance this is.
  var uniformBound: Double { (3 * self).squareRoot() }
}
