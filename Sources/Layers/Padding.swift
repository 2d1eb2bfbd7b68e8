public import Registry

/// Zeros around an image: as many as keep its size, none, or a number on every side.
public enum Padding: ParameterScalar, Equatable {
  /// (kernel − 1)/2 on both sides, times the dilation: keeps the size at stride one if the kernel is odd.
  case same
  case valid
  case count(Int)

  public static var expectation: String { "same, valid or a whole number from 0 to \(greatestWindow)" }

  public init?(term: Specification.Term) {
    if let count = Int(term: term) {
      guard 0...greatestWindow ~= count else { return nil }
      self = .count(count)
    } else {
      switch String(term: term) {
      case "same": self = .same
      case "valid": self = .valid
      default: return nil
      }
    }
  }

  public var term: Specification.Term {
    switch self {
    case .same: .part(Specification("same"))
    case .valid: .part(Specification("valid"))
    case .count(let count): count.term
    }
  }

  /// Rows or columns on each side.
  func size(kernel: Int, dilation: Int) -> Int {
    switch self {
    case .same: dilation * (kernel - 1) / 2
    case .valid: 0
    case .count(let count): count
    }
  }
}
