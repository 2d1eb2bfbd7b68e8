/// A plain value that may be a parameter: a number, a truth value, a text.
public protocol ParameterScalar: Sendable {
  /// Completes "'units' is …": `a whole number`.
  static var expectation: String { get }
  init?(term: Specification.Term)
  var term: Specification.Term { get }
}

/// A parameter that is one of a few words: `enum Padding: String, ParameterChoice { case same, valid }`.
public protocol ParameterChoice: RawRepresentable, CaseIterable, Sendable where RawValue == String {}

extension Int: ParameterScalar {
  public static var expectation: String { "a whole number" }

  public init?(term: Specification.Term) {
    guard case .number(let text, _) = term, let value = Int(text) ?? Double(text).flatMap(Int.init(exactly:)) else {
      return nil
    }
    self = value
  }

  public var term: Specification.Term { .number(String(self), at: .unknown) }
}

extension Double: ParameterScalar {
  public static var expectation: String { "a number" }

  public init?(term: Specification.Term) {
    guard case .number(let text, _) = term, let value = Double(text), value.isFinite else { return nil }
    self = value
  }

  public var term: Specification.Term {
    let whole = Int(exactly: self).flatMap { abs($0) < 1_000_000 ? String($0) : nil }
    return .number(whole ?? String(self), at: .unknown)
  }
}

extension String: ParameterScalar {
  public static var expectation: String { "a text" }

  public init?(term: Specification.Term) {
    switch term {
    case .string(let text, _), .number(let text, _): self = text
    case .part(let specification) where specification.arguments.isEmpty: self = specification.name
    default: return nil
    }
  }

  public var term: Specification.Term { .string(self, at: .unknown) }
}

extension Bool: ParameterScalar {
  public static var expectation: String { "true or false" }

  public init?(term: Specification.Term) {
    guard case .part(let specification) = term, let value = Bool(specification.name) else { return nil }
    self = value
  }

  public var term: Specification.Term { .part(Specification(String(self))) }
}
