/// The values that a numeric parameter may take.
public struct Bounds<Value: Comparable & Sendable>: Sendable {
  let lower: Value?
  let lowerIsIncluded: Bool
  let upper: Value?
  let upperIsIncluded: Bool

  init(lower: Value? = nil, lowerIsIncluded: Bool = true, upper: Value? = nil, upperIsIncluded: Bool = true) {
    self.lower = lower
    self.lowerIsIncluded = lowerIsIncluded
    self.upper = upper
    self.upperIsIncluded = upperIsIncluded
  }

  /// Every value greater than `bound`.
  public static func above(_ bound: Value) -> Bounds {
    Bounds(lower: bound, lowerIsIncluded: false)
  }

  /// Every value greater than `lower` and at most `upper`.
  public static func above(_ lower: Value, through upper: Value) -> Bounds {
    Bounds(lower: lower, lowerIsIncluded: false, upper: upper)
  }

  public func contains(_ value: Value) -> Bool {
    guard value == value else { return false }
    if let lower, lowerIsIncluded ? value < lower : value <= lower { return false }
    if let upper, upperIsIncluded ? value > upper : value >= upper { return false }
    return true
  }
}

extension Bounds: CustomStringConvertible {
  /// A phrase that completes "expected …": `at least 0`, `0 to 1`, `above 0 and below 1`.
  public var description: String {
    switch (lower, upper) {
    case (let lower?, let upper?) where lowerIsIncluded && upperIsIncluded: "\(lower) to \(upper)"
    case (let lower?, let upper?):
      "\(lowerIsIncluded ? "at least" : "above") \(lower) and \(upperIsIncluded ? "at most" : "below") \(upper)"
    case (let lower?, nil): "\(lowerIsIncluded ? "at least" : "above") \(lower)"
    case (nil, let upper?): "\(upperIsIncluded ? "at most" : "below") \(upper)"
    case (nil, nil): "any number"
    }
  }
}
