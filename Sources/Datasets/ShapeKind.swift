import Foundation

/// A class of the dataset `shapes`: the set of points that it covers, in a square from −1 to 1.
///
/// All fit into the unit circle, so that no rotation cuts them; no two are rotations of each other.
enum ShapeKind: String, CaseIterable {
  case circle, square, triangle, star, cross, ring, frame, bar, crescent, heart

  /// Whether the shape covers a point; y grows downwards.
  func covers(_ x: Double, _ y: Double) -> Bool {
    let radius = (x * x + y * y).squareRoot()
    switch self {
    case .circle: return radius <= 0.85
    case .square: return max(abs(x), abs(y)) <= 0.7
    case .triangle: return y <= 0.5 && abs(x) * 3.squareRoot() <= y + 1
    case .star:
      let fifth = 2 * Double.pi / 5
      let angle = atan2(x, -y)
      let offset = abs(angle - (angle / fifth).rounded() * fifth)
      // The edge from the tip at radius 1 to the notch at radius 0.4, half a fifth further.
      let notch = (along: 0.4 * cos(fifth / 2), across: 0.4 * sin(fifth / 2))
      let point = (along: radius * cos(offset), across: radius * sin(offset))
      return (1 - point.along) * notch.across >= point.across * (1 - notch.along)
    case .cross: return min(abs(x), abs(y)) <= 0.25 && max(abs(x), abs(y)) <= 0.95
    case .ring: return radius <= 0.9 && radius >= 0.5
    case .frame: return max(abs(x), abs(y)) <= 0.7 && max(abs(x), abs(y)) >= 0.4
    case .bar: return abs(x) <= 0.95 && abs(y) <= 0.28
    case .crescent:
      let (across, down) = (x - 0.45, y)
      return radius <= 0.95 && (across * across + down * down).squareRoot() >= 0.75
    case .heart:
      // (u² + v² − 1)³ ≤ u²·v³, scaled into the circle.
      let (u, v) = (1.35 * x, 0.1 - 1.35 * y)
      let base = u * u + v * v - 1
      return base * base * base <= u * u * v * v * v
    }
  }
}
