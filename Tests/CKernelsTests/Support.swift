typealias Unary = @Sendable (UnsafeMutablePointer<Float>, UnsafePointer<Float>, Int) -> Void

/// What a kernel makes of an array.
func apply(_ kernel: Unary, to x: [Float]) -> [Float] {
  var out = [Float](repeating: .nan, count: x.count + 1)
  out.withUnsafeMutableBufferPointer { out in
    x.withUnsafeBufferPointer { x in
      guard let from = x.baseAddress, let to = out.baseAddress else { return }
      kernel(to, from, x.count)
    }
  }
  return Array(out.dropLast())
}

/// How far a result is from what is wanted, in units of the last place that the wanted number has in Float32; infinite
/// where NaN, an overflow or the sign of a zero differs.
func ulps(_ result: Float, from wanted: Double) -> Double {
  if wanted.isNaN || result.isNaN { return wanted.isNaN && result.isNaN ? 0 : .infinity }
  if wanted == 0 || result == 0 || wanted.isInfinite {
    if (wanted.sign == .minus) != (result.sign == .minus) { return .infinity }
    if Double(result) == wanted { return 0 }
    if wanted == 0 || wanted.isInfinite { return .infinity }
  }
  // What Float32 rounds to infinity lies at 2¹²⁸ or beyond.
  let given = result.isInfinite ? (result > 0 ? 0x1p128 : -0x1p128) : Double(result)
  if result.isInfinite && Float(wanted).isInfinite { return 0 }
  let exponent = max(wanted.exponent, -126)
  return abs(given - wanted) / Double(sign: .plus, exponent: Int(exponent) - 23, significand: 1)
}

/// Equal to the bit, any NaN for any other.
func identical(_ a: Float, _ b: Float) -> Bool { a.bitPattern == b.bitPattern || (a.isNaN && b.isNaN) }

func identical(_ a: [Float], _ b: [Float]) -> Bool { a.count == b.count && zip(a, b).allSatisfy(identical) }

/// Numbers in [−1, 1), the same at each call.
func numbers(_ count: Int, seed: UInt64 = 1) -> [Float] {
  var state = seed
  return (0..<count).map { _ in
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Float(Int64(bitPattern: state) >> 40) * 0x1p-23
  }
}

/// Counts around those at which kernels change gear.
let oddCounts = [0, 1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 64, 65, 100, 127, 129]

let specialValues: [Float] = [
  0, -0.0, 1, -1, .infinity, -.infinity, .nan, .leastNonzeroMagnitude, -.leastNonzeroMagnitude, .leastNormalMagnitude,
  -.leastNormalMagnitude, .greatestFiniteMagnitude, -.greatestFiniteMagnitude, 0.5, -0.5, 2, 3.5, -3.5,
]
