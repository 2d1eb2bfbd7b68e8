import Foundation

/// One axis: the values at its ends, its ticks, and where a value lies between the ends.
struct Axis: Equatable {
  let lower: Double
  let upper: Double
  let isLogarithmic: Bool
  private(set) var ticks: [Double] = []
  private(set) var labels: [String] = []

  /// The greatest number that is drawn: differences of two must be finite.
  static let limit = 1e300

  /// Whether an axis has a place for this value.
  static func shows(_ value: Double, isLogarithmic: Bool) -> Bool {
    abs(value) < limit && (!isLogarithmic || value >= 1e-300)
  }

  /// The axis over these values, at least one, all of which it shows; about `tickCount` ticks. Expanded, it ends at ticks.
  init(over values: [Double], isLogarithmic: Bool, tickCount: Int, isExpanded: Bool) {
    let (low, high) = Self.range(values, isLogarithmic: isLogarithmic)
    self.isLogarithmic = isLogarithmic
    let all =
      (isLogarithmic ? Ticks.logarithmic(low, high, count: tickCount) : nil)
      ?? Ticks.linear(low, high, count: tickCount)
    var (first, last) = (low, high)
    if isExpanded {
      first = all.last { $0 <= low } ?? low
      last = all.first { $0 >= high } ?? high
      if isLogarithmic, first <= 0 { first = low }
    }
    lower = first
    upper = last
    ticks = all.filter { $0 >= first && $0 <= last }
    labels = isLogarithmic && Ticks.areMultiplied(ticks) ? ticks.map(Ticks.label) : Ticks.labels(ticks)
  }

  /// 0 at the lower end, 1 at the upper.
  func position(_ value: Double) -> Double {
    isLogarithmic
      ? (log10(value) - log10(lower)) / (log10(upper) - log10(lower)) : (value - lower) / (upper - lower)
  }

  /// The least and greatest value, moved apart if they are too near to tell apart.
  private static func range(_ values: [Double], isLogarithmic: Bool) -> (low: Double, high: Double) {
    let low = values.min() ?? 0
    let high = values.max() ?? 1
    let magnitude = max(abs(low), abs(high))
    guard high - low <= magnitude * 1e-12 || high - low < 1e-290 else { return (low, high) }
    if isLogarithmic { return (max(low / 10, 1e-300), high * 10) }
    let room = magnitude < 1e-290 ? 1 : magnitude * 0.1
    return (low - room, high + room)
  }
}
