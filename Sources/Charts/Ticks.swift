import Foundation

/// Round numbers for an axis.
enum Ticks {
  /// Multiples of 1, 2 or 5 times a power of ten, about `count`, from at or below `low` to at or above `high`.
  static func linear(_ low: Double, _ high: Double, count: Int) -> [Double] {
    let raw = (high - low) / Double(max(1, count))
    let exponent = floor(log10(raw))
    let power = pow(10, exponent)
    let factor = [1, 2, 5, 10].first { $0 * power >= raw * 0.999_999 } ?? 10
    let first = floor(low / (factor * power))
    let last = ceil(high / (factor * power))
    // A quotient is the number nearest to the decimal fraction, a product with 0.1 is not.
    return stride(from: first, through: last, by: 1).map {
      exponent < 0 ? $0 * factor / pow(10, -exponent) : $0 * factor * power
    }
  }

  /// Powers of ten, or their multiples by 1, 2 and 5; nil if fewer than three lie in the range: linear ones serve better.
  static func logarithmic(_ low: Double, _ high: Double, count: Int) -> [Double]? {
    let first = Int(floor(log10(low)))
    let last = Int(ceil(log10(high)))
    let decades = last - first
    if decades > count {
      let step = (decades + count - 1) / max(1, count)
      return stride(from: first, to: last + step, by: step).map { pow(10, Double($0)) }
    }
    let factors: [Double] = decades * 3 <= count + 2 ? [1, 2, 5] : [1]
    let ticks = (first...max(first, last)).flatMap { power in factors.map { $0 * pow(10, Double(power)) } }
    return ticks.filter { $0 >= low && $0 <= high }.count >= 3 || factors.count == 1 && decades > 1 ? ticks : nil
  }

  /// Whether neighbours differ by a factor rather than by a step.
  static func areMultiplied(_ ticks: [Double]) -> Bool {
    ticks.count > 2 && ticks[0] > 0 && ticks[1] / ticks[0] >= 1.9 && ticks[2] / ticks[1] >= 1.9
  }

  /// Ticks with as many digits as tell neighbours apart.
  static func labels(_ ticks: [Double]) -> [String] {
    guard ticks.count > 1 else { return ticks.map(label) }
    let step = ticks[1] - ticks[0]
    let greatest = ticks.reduce(0) { max($0, abs($1)) }
    let exponent = Int(floor(log10(step) + 1e-9))
    if greatest >= 1e9 || step < 1e-4 {
      let digits = max(1, min(15, Int(floor(log10(greatest) + 1e-9)) - exponent + 1))
      return ticks.map { scientific($0, digits: abs($0) < step / 2 ? 1 : digits) }
    }
    return ticks.map { String(format: "%.\(max(0, -exponent))f", abs($0) < step / 2 ? 0 : $0) }
  }

  /// One number in its shortest form.
  static func label(_ value: Double) -> String {
    let magnitude = abs(value)
    return magnitude == 0 || (magnitude >= 1e-4 && magnitude < 1e6)
      ? String(format: "%g", value) : scientific(value, digits: 6)
  }

  /// `1.5e-5`: no zeros that say nothing.
  private static func scientific(_ value: Double, digits: Int) -> String {
    if value == 0 { return "0" }
    let parts = String(format: "%.\(digits - 1)e", value).split(separator: "e")
    guard parts.count == 2, let exponent = Int(parts[1]) else { return "\(value)" }
    var mantissa = String(parts[0])
    if mantissa.contains(".") {
      while mantissa.hasSuffix("0") { mantissa.removeLast() }
      if mantissa.hasSuffix(".") { mantissa.removeLast() }
    }
    return "\(mantissa)e\(exponent)"
  }
}
