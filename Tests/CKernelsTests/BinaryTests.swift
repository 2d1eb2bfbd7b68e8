import CKernels
import Foundation
import Testing

typealias Pointer = UnsafePointer<Float>
typealias Output = UnsafeMutablePointer<Float>

struct BinaryKernel: CustomTestStringConvertible {
  let name: String
  let vv: @Sendable (Output, Pointer, Pointer, Int) -> Void
  let vs: @Sendable (Output, Pointer, Float, Int) -> Void
  let sv: @Sendable (Output, Float, Pointer, Int) -> Void
  let wanted: @Sendable (Float, Float) -> Float

  var testDescription: String { name }

  static let all = [
    Self(name: "add", vv: fledge_add_vv, vs: fledge_add_vs, sv: fledge_add_sv) { $0 + $1 },
    Self(name: "subtract", vv: fledge_subtract_vv, vs: fledge_subtract_vs, sv: fledge_subtract_sv) { $0 - $1 },
    Self(name: "multiply", vv: fledge_multiply_vv, vs: fledge_multiply_vs, sv: fledge_multiply_sv) { $0 * $1 },
    Self(name: "divide", vv: fledge_divide_vv, vs: fledge_divide_vs, sv: fledge_divide_sv) { $0 / $1 },
    Self(name: "maximum", vv: fledge_maximum_vv, vs: fledge_maximum_vs, sv: fledge_maximum_sv) {
      $0.isNaN || $1.isNaN ? .nan : $0 > $1 ? $0 : $1
    },
    Self(name: "minimum", vv: fledge_minimum_vv, vs: fledge_minimum_vs, sv: fledge_minimum_sv) {
      $0.isNaN || $1.isNaN ? .nan : $0 < $1 ? $0 : $1
    },
    Self(name: "less", vv: fledge_less_vv, vs: fledge_less_vs, sv: fledge_less_sv) { $0 < $1 ? 1 : 0 },
    Self(name: "equal", vv: fledge_equal_vv, vs: fledge_equal_vs, sv: fledge_equal_sv) { $0 == $1 ? 1 : 0 },
    Self(name: "power", vv: fledge_power_vv, vs: fledge_power_vs, sv: fledge_power_sv) { powf($0, $1) },
  ]
}

@Suite struct BinaryTests {
  @Test(arguments: BinaryKernel.all) func everyPairOfSpecialValues(_ binary: BinaryKernel) {
    let values = specialValues + numbers(20).map { $0 * 5 }
    for b in values {
      let wanted = values.map { binary.wanted($0, b) }, reversed = values.map { binary.wanted(b, $0) }
      let bs = [Float](repeating: b, count: values.count)
      let vv = apply({ binary.vv($0, $1, bs, $2) }, to: values)
      #expect(identical(vv, wanted), "\(binary.name)_vv with \(b): \(vv), not \(wanted)")
      let sv = apply({ binary.sv($0, b, $1, $2) }, to: values)
      #expect(identical(sv, reversed), "\(binary.name)_sv with \(b): \(sv), not \(reversed)")
      let vs = apply({ binary.vs($0, $1, b, $2) }, to: values)
      // The square of `power` is a product, which powf may miss by one place.
      let places = zip(vs, wanted).map { identical($0, $1) ? 0 : ulps($0, from: Double($1)) }
      #expect(
        places.allSatisfy { $0 <= (binary.name == "power" ? 1 : 0) },
        "\(binary.name)_vs with \(b): \(vs), not \(wanted)")
    }
  }

  @Test(arguments: BinaryKernel.all) func oddCountsAndInPlace(_ binary: BinaryKernel) {
    let b = numbers(200, seed: 2)
    for count in oddCounts {
      let a = numbers(count + 3).map { $0.magnitude + 0.1 }
      let wanted = (0..<count).map { binary.wanted(a[$0], b[$0]) } + a[count...]
      var first = a
      first.withUnsafeMutableBufferPointer { if let base = $0.baseAddress { binary.vv(base, base, b, count) } }
      #expect(identical(first, wanted), "\(binary.name) of \(count) over the first operand")
      var second = b
      second.withUnsafeMutableBufferPointer { if let base = $0.baseAddress { binary.vv(base, a, base, count) } }
      #expect(
        identical(second, Array(wanted[..<count]) + b[count...]), "\(binary.name) of \(count) over the second operand")
    }
  }

  @Test func select() {
    let condition: [Float] = [0, -0.0, 1, .nan, -1, .leastNonzeroMagnitude, .infinity] + numbers(40)
    let a = numbers(47, seed: 2), b = numbers(47, seed: 3)
    let wanted = (0..<47).map { condition[$0] != 0 ? a[$0] : b[$0] }
    #expect(identical(apply({ fledge_select($0, $1, a, b, $2) }, to: condition), wanted))
  }

  @Test(arguments: [0, 1] as [Int32], [0, 1] as [Int32]) func multiplyAdd(bStep: Int32, cStep: Int32) {
    typealias Kernel =
      @Sendable (
        UnsafeMutablePointer<Float>, UnsafePointer<Float>, UnsafePointer<Float>, Int32, UnsafePointer<Float>, Int32, Int
      ) -> Void
    let kernels: [(Kernel, sign: Float, addend: Float)] = [
      (fledge_multiply_add, 1, 1), (fledge_multiply_subtract, 1, -1), (fledge_subtract_product, -1, 1),
    ]
    let a = numbers(100), b = numbers(100, seed: 2), c = numbers(100, seed: 3)
    for (kernel, sign, addend) in kernels {
      let whole = apply({ kernel($0, $1, b, bStep, c, cStep, $2) }, to: a)
      for i in a.indices {
        let (y, z) = (b[i * Int(bStep)], c[i * Int(cStep)])
        let once = Float(Double(a[i]) * Double(sign * y) + Double(addend * z)), twice = a[i] * (sign * y) + addend * z
        #expect((min(once, twice).nextDown...max(once, twice).nextUp).contains(whole[i]), "element \(i)")
        let alone = apply({ kernel($0, $1, [y], 1, [z], 1, $2) }, to: [a[i]])
        #expect(identical(alone[0], whole[i]), "element \(i) alone")
      }
    }
  }

  @Test func fill() {
    for count in oddCounts {
      var out = [Float](repeating: 7, count: count + 2)
      fledge_fill(&out, -2.5, count)
      #expect(out == [Float](repeating: -2.5, count: count) + [7, 7], "\(count)")
    }
  }
}
