import Initializers
import Registry
import Tensors
import Testing

@Suite struct OrthogonalTests {
  /// torch.nn.init.orthogonal_: the flattened matrix has orthonormal rows, or columns where it has more rows, times gain.
  @Test(
    "rows or columns are orthonormal",
    arguments: [[3, 3], [5, 8], [17, 5], [4, 3, 3, 3], [40, 2, 3, 3], [1, 1], [60, 60], [6], []])
  func orthonormal(_ sizes: [Int]) throws {
    let shape = Shape(sizes)
    let weight = try draw("orthogonal(gain: 2)", shape)
    #expect(weight.shape == shape)
    let rows = sizes.first ?? 1
    let columns = shape.elementCount / rows
    let values = weight.doubles
    func at(_ vector: Int, _ index: Int) -> Double {
      rows <= columns ? values[vector * columns + index] : values[index * columns + vector]
    }
    for a in 0..<min(rows, columns) {
      for b in 0...a {
        let product = (0..<max(rows, columns)).reduce(0) { $0 + at(a, $1) * at(b, $1) }
        #expect(abs(product - (a == b ? 4 : 0)) < 1e-13, "\(shape), vectors \(a) and \(b): \(product)")
      }
    }
  }

  @Test func noElementsAreNoTrouble() throws {
    #expect(try draw("orthogonal", [0, 4]).doubles.isEmpty)
    #expect(try draw("orthogonal", [4, 0]).doubles.isEmpty)
  }

  /// An element of a random unit vector in n dimensions has mean 0 and variance 1/n; signs are as likely.
  @Test func noDirectionIsPreferred() throws {
    var stream = RandomStream(seed: 11, "directions")
    let part = try make("orthogonal")
    let corners = (0..<2000).map { _ in part([3, 3], Fan(input: 3, output: 3), &stream).doubles[0] }
    let mean = corners.reduce(0, +) / 2000
    let variance = corners.reduce(0) { $0 + $1 * $1 } / 2000
    // Five deviations: of the mean √(1/3/2000), of the square √(0.089/2000), as a corner is uniform in −1…1.
    #expect(abs(mean) < 0.065, "mean \(mean)")
    #expect(abs(variance - 1.0 / 3) < 0.034, "variance \(variance)")
  }

  @Test func theSameStreamGivesTheSameBits() throws {
    #expect(try draw("orthogonal", [7, 5]).bytes == draw("orthogonal", [7, 5]).bytes)
  }

  private func draw(_ specification: String, _ shape: Shape) throws -> Tensor {
    var stream = RandomStream(seed: 7, "test")
    let initializer = try make(specification)
    return initializer(shape, Fan(input: 1, output: 1), &stream)
  }

  private func make(_ specification: String) throws -> any Initializer {
    var registry = Registry()
    InitializersPlugin.register(in: &registry)
    return try registry.make(specification, as: .initializer, origin: "test")
  }
}
