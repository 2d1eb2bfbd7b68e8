import Foundation
import Initializers
import Registry
import Tensors
import Testing

@Suite struct InitializersTests {
  /// What a distribution's draws must show; `excess` is its fourth standardised moment less 1, which decides how far the
  /// variance of a sample strays: its deviation is σ²·√(excess/n).
  struct Distribution: Sendable, CustomStringConvertible {
    let specification: String
    let mean: Double
    let variance: Double
    let excess: Double
    let bound: Double

    init(_ specification: String, mean: Double = 0, variance: Double, excess: Double, bound: Double = .infinity) {
      self.specification = specification
      self.mean = mean
      self.variance = variance
      self.excess = excess
      self.bound = bound
    }

    static func normal(_ specification: String, mean: Double = 0, variance: Double) -> Distribution {
      Distribution(specification, mean: mean, variance: variance, excess: 2)
    }

    static func uniform(_ specification: String, bound: Double) -> Distribution {
      Distribution(specification, variance: bound * bound / 3, excess: 0.8, bound: bound)
    }

    var description: String { specification }
  }

  static let fan = Fan(input: 300, output: 200)

  /// The variance of a normal distribution that is cut at two deviations: 1 − 4·φ(2)/(Φ(2) − Φ(−2)).
  static let cutVariance = 1 - 4 * exp(-2) / (2 * Double.pi).squareRoot() / erf(2 / 2.0.squareRoot())

  static let distributions: [Distribution] = [
    .normal("normal", variance: 1e-4),
    .normal("normal(2, mean: 3)", mean: 3, variance: 4),
    Distribution("uniform(-1, 3)", mean: 1, variance: 16.0 / 12, excess: 0.8, bound: 3),
    .uniform("uniform", bound: 0.05),
    Distribution("truncated-normal(0.1)", variance: 0.01 * cutVariance, excess: 2, bound: 0.2),
    .uniform("xavier-uniform", bound: (6.0 / 500).squareRoot()),
    .normal("xavier-normal", variance: 2.0 / 500),
    .normal("xavier-normal(gain: 2)", variance: 4 * 2.0 / 500),
    .uniform("he-uniform", bound: (6.0 / 300).squareRoot()),
    .normal("he-normal", variance: 2.0 / 300),
    .normal("he-normal(fan: out)", variance: 2.0 / 200),
    .normal("he-normal(slope: 0.5)", variance: 2.0 / 300 / 1.25),
    .uniform("lecun-uniform", bound: (3.0 / 300).squareRoot()),
    .normal("lecun-normal", variance: 1.0 / 300),
  ]

  @Test("draws have the mean and the variance of the formula", arguments: distributions)
  func moments(_ distribution: Distribution) throws {
    let values = try draw(distribution.specification, [200, 300]).doubles
    let count = Double(values.count)
    let mean = values.reduce(0, +) / count
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
    // Five deviations of the estimate: one failure in two million draws.
    let meanTolerance = 5 * (distribution.variance / count).squareRoot()
    let varianceTolerance = 5 * distribution.variance * (distribution.excess / count).squareRoot()
    #expect(abs(mean - distribution.mean) < meanTolerance, "\(distribution): mean \(mean)")
    #expect(abs(variance - distribution.variance) < varianceTolerance, "\(distribution): variance \(variance)")
    let greatest = values.map { abs($0) }.max() ?? .infinity
    #expect(greatest <= distribution.bound, "\(distribution): greatest \(greatest)")
    if distribution.bound.isFinite {
      #expect(greatest > 0.99 * distribution.bound, "\(distribution): greatest \(greatest)")
    }
  }

  @Test("fixed values", arguments: [("zeros", 0.0), ("ones", 1), ("constant(2.5)", 2.5), ("constant", 0)])
  func fixed(_ specification: String, _ value: Double) throws {
    #expect(try draw(specification, [2, 3]) == Tensor([2, 3]) { _ in value }, "\(specification)")
  }

  @Test("the same stream gives the same bits, another one others", arguments: distributions)
  func streams(_ distribution: Distribution) throws {
    let first = try draw(distribution.specification, [7, 5])
    #expect(first.shape == [7, 5])
    #expect(try draw(distribution.specification, [7, 5]).bytes == first.bytes)
    #expect(try draw(distribution.specification, [7, 5], stream: "another").bytes != first.bytes)
  }

  @Test func aWeightWithoutInputsHasFiniteValues() throws {
    for name in ["xavier-normal", "he-uniform", "lecun-normal"] {
      let part = try Self.make(name)
      var stream = RandomStream(seed: 1, "empty")
      let values = part([4], Fan(input: 0, output: 0), &stream).doubles
      #expect(values.allSatisfy { $0.isFinite }, "\(name): \(values)")
    }
  }

  private func draw(_ specification: String, _ shape: Shape, stream: String = "test") throws -> Tensor {
    var stream = RandomStream(seed: 7, stream)
    let part = try Self.make(specification)
    return part(shape, Self.fan, &stream)
  }

  private static func make(_ specification: String) throws -> any Initializer {
    var registry = Registry()
    InitializersPlugin.register(in: &registry)
    try registry.validate()
    return try registry.make(specification, as: .initializer, origin: "test")
  }
}
