import Registry
public import Tensors

/// The weight is taken as a matrix of a row an output, `[outputs, everything else]`.
///
/// - Complexity: O(s²·l) for a matrix with sides s ≤ l.
public struct Orthogonal: Initializer {
  public static let name = "orthogonal"
  public static let summary = "rows of length one at right angles (columns, where there are more rows): spread is kept"
  public static let formula = "gain·Q, Q the orthonormal factor of a matrix from N(0, 1), R's diagonal positive"
  public static let reference =
    "Saxe et al. 2014, Exact solutions to the nonlinear dynamics of learning; torch.nn.init.orthogonal_"

  @Parameter("factor of the weight", in: 0...) public var gain = 1.0

  public init() {}

  public func callAsFunction(_ shape: Shape, _ fan: Fan, _ stream: inout RandomStream) -> Tensor {
    let rows = shape.sizes.first ?? 1
    let columns = shape.sizes.dropFirst().reduce(1, *)
    let (count, length) = (min(rows, columns), max(rows, columns))
    let vectors = OrthonormalVectors(count, length: length, &stream)
    return Tensor(shape) { index in
      let (row, column) = (index / columns, index % columns)
      return gain * (rows <= columns ? vectors[row, column] : vectors[column, row])
    }
  }
}

/// Random vectors of length one at right angles to one another: all such sets are equally likely (Stewart 1980).
private struct OrthonormalVectors {
  /// Eight numbers at a time; zeros fill the end.
  private var vectors: [[SIMD8<Double>]] = []

  /// Normal vectors made orthogonal by Gram and Schmidt's method; a second pass removes what rounding left of the first.
  init(_ count: Int, length: Int, _ stream: inout RandomStream) {
    for _ in 0..<count {
      var vector = Array(repeating: SIMD8<Double>(), count: (length + 7) / 8)
      for index in 0..<length { vector[index / 8][index % 8] = stream.normal() }
      for _ in 0..<2 {
        for earlier in vectors {
          let share = Self.product(vector, earlier)
          for index in vector.indices { vector[index] -= share * earlier[index] }
        }
      }
      let norm = Self.product(vector, vector).squareRoot()
      for index in vector.indices { vector[index] /= norm }
      vectors.append(vector)
    }
  }

  subscript(vector: Int, index: Int) -> Double { vectors[vector][index / 8][index % 8] }

  private static func product(_ a: [SIMD8<Double>], _ b: [SIMD8<Double>]) -> Double {
    var sum = SIMD8<Double>()
    for index in a.indices { sum += a[index] * b[index] }
    return sum.sum()
  }
}
