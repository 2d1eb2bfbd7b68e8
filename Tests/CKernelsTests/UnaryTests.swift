import CKernels
import Foundation
import Testing

struct UnaryFunction: CustomTestStringConvertible {
  let name: String
  let kernel: Unary
  let ulps: Double
  let wanted: @Sendable (Double) -> Double

  var testDescription: String { name }

  static let all = [
    Self(name: "copy", kernel: fledge_copy, ulps: 0) { $0 },
    Self(name: "negate", kernel: fledge_negate, ulps: 0) { -$0 },
    Self(name: "absolute", kernel: fledge_absolute, ulps: 0) { $0.magnitude },
    Self(name: "sign", kernel: fledge_sign, ulps: 0) { $0 > 0 ? 1 : $0 < 0 ? -1 : $0 },
    Self(name: "floor", kernel: fledge_floor, ulps: 0) { $0.rounded(.down) },
    Self(name: "square_root", kernel: fledge_square_root, ulps: 0.5) { $0.squareRoot() },
    Self(name: "reciprocal", kernel: fledge_reciprocal, ulps: 0.5) { 1 / $0 },
    Self(name: "exponential", kernel: fledge_exponential, ulps: 2) { exp($0) },
    Self(name: "expm1", kernel: fledge_expm1, ulps: 2) { expm1($0) },
    Self(name: "logarithm", kernel: fledge_logarithm, ulps: 2) { log($0) },
    Self(name: "log1p", kernel: fledge_log1p, ulps: 2) { log1p($0) },
    Self(name: "tanh", kernel: fledge_tanh, ulps: 2) { tanh($0) },
    Self(name: "sigmoid", kernel: fledge_sigmoid, ulps: 2) { 1 / (1 + exp(-$0)) },
    Self(name: "erf", kernel: fledge_erf, ulps: 2) { erf($0) },
    Self(name: "sine", kernel: fledge_sine, ulps: 2) { sin($0) },
    Self(name: "cosine", kernel: fledge_cosine, ulps: 2) { cos($0) },
  ]
}

@Suite struct UnaryTests {
  /// All exponents and signs, then the range that matters, then where formulas meet.
  static let sweep: [Float] =
    specialValues + stride(from: 0, through: UInt64(UInt32.max), by: 60_013).map { Float(bitPattern: UInt32($0)) }
    + (0..<30_000).map { Float($0 - 15_000) * 0.0073 }
    + [88.72283, 88.72284, -103.97, -103.98, -87.33, -87.34, -17.4, 0.625, 0.93, 4, 9.01, 1e6, 1_000_001, -1_000_001]
    + [0.707_106_8, 1.414_213_6, -0.292_893_2, 0.414_213_6, -0.999_999_94, -1.000_000_1].flatMap {
      [$0.nextDown, $0, $0.nextUp]
    }

  @Test(arguments: UnaryFunction.all) func accuracy(_ unary: UnaryFunction) {
    let results = apply(unary.kernel, to: Self.sweep)
    let errors = zip(Self.sweep, results).map { ($0, $1, ulps($1, from: unary.wanted(Double($0)))) }
    let worst = errors.max { $0.2 < $1.2 }
    #expect(
      errors.allSatisfy { $0.2 <= unary.ulps },
      "\(unary.name)(\(worst?.0 ?? 0)) = \(worst?.1 ?? 0): \(worst?.2 ?? 0) ulp")
  }

  @Test(arguments: UnaryFunction.all) func anElementsBitsDoNotDependOnItsPlace(_ unary: UnaryFunction) {
    let x = numbers(131).map { $0 * 6 } + specialValues + [2e6, -0.3]
    let whole = apply(unary.kernel, to: x)
    for (at, value) in x.enumerated() {
      let alone = apply(unary.kernel, to: [value])[0]
      #expect(identical(alone, whole[at]), "\(unary.name)(\(value)): \(alone) alone, \(whole[at]) at \(at)")
    }
    for count in oddCounts {
      #expect(identical(apply(unary.kernel, to: Array(x[3..<3 + count])), Array(whole[3..<3 + count])), "\(count)")
    }
  }

  @Test(arguments: UnaryFunction.all) func worksInPlaceAndWithinItsCount(_ unary: UnaryFunction) {
    for count in oddCounts {
      let x = numbers(count + 3)
      let wanted = apply(unary.kernel, to: Array(x[..<count])) + x[count...]
      var inPlace = x
      inPlace.withUnsafeMutableBufferPointer { buffer in
        guard let base = buffer.baseAddress else { return }
        unary.kernel(base, base, count)
      }
      #expect(identical(inPlace, wanted), "\(unary.name) of \(count)")
    }
  }
}
