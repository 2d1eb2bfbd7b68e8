/// How a parameter's value is read from a term, checked, and written back.
struct ParameterCodec<Value: Sendable>: Sendable {
  /// Completes "'units' is …": `a whole number`.
  var expectation: String
  var bounds: String?
  var choices: [String] = []
  /// Names of the kinds of part that the parameter holds; empty for plain values.
  var kinds: [String] = []
  /// Whether it takes all positional arguments that are left.
  var isVariadic = false
  var decode: @Sendable (Specification.Term, DecodingContext) throws(SpecificationError) -> Value
  /// nil for a value that is left out when printed, such as an optional part that is absent. Brief says of nested parts only
  /// what differs from their defaults.
  var encode: @Sendable (Value, _ isBrief: Bool) -> Specification.Term?
}

/// Where a value is being read: what errors name, and the registry that makes nested parts.
struct DecodingContext {
  let registry: Registry
  let label: String
  let part: String

  func wrongType(_ term: Specification.Term, expected: String) -> SpecificationError {
    SpecificationError(
      .wrongType(label: label, part: part, expected: expected, found: "\(term)"), at: term.place)
  }

  func outOfRange(_ term: Specification.Term, expected: String) -> SpecificationError {
    SpecificationError(
      .outOfRange(label: label, part: part, expected: expected, found: "\(term)"), at: term.place)
  }
}

extension ParameterCodec where Value: ParameterScalar {
  /// A value with a textual form; `check` says what is expected of a value that is refused.
  static func scalar(bounds: String? = nil, accepts: @escaping @Sendable (Value) -> Bool = { _ in true }) -> Self {
    ParameterCodec(
      expectation: Value.expectation, bounds: bounds,
      decode: { term, context throws(SpecificationError) in
        guard let value = Value(term: term) else { throw context.wrongType(term, expected: Value.expectation) }
        if let bounds, !accepts(value) { throw context.outOfRange(term, expected: bounds) }
        return value
      },
      encode: { value, _ in value.term })
  }
}

extension ParameterCodec where Value: ParameterScalar & Comparable {
  static func scalar(in bounds: Bounds<Value>) -> Self {
    scalar(bounds: bounds.description, accepts: bounds.contains)
  }
}

extension ParameterCodec where Value: ParameterChoice {
  /// One of a few words.
  static func choice() -> Self {
    let words = Value.allCases.map(\.rawValue)
    let expectation = "one of \(words.joined(separator: ", "))"
    return ParameterCodec(
      expectation: expectation, bounds: nil, choices: words,
      decode: { term, context throws(SpecificationError) in
        guard let word = String(term: term), let choice = Value(rawValue: word) else {
          throw context.wrongType(term, expected: expectation)
        }
        return choice
      },
      encode: { value, _ in .part(Specification(value.rawValue)) })
  }
}

extension ParameterCodec {
  /// A nested part of a kind.
  static func part(_ kind: Kind<Value>, _ component: @escaping @Sendable (Value) -> any Component) -> Self {
    ParameterCodec(
      expectation: "a part of kind \(kind.name)", bounds: nil, kinds: kind.accepted,
      decode: { term, context throws(SpecificationError) in
        guard case .part(let specification) = term else {
          throw context.wrongType(term, expected: "a part of kind \(kind.name)")
        }
        return try context.registry.make(specification, as: kind)
      },
      encode: { value, isBrief in
        .part(isBrief ? Specification(brief: component(value)) : Specification(of: component(value)))
      })
  }

  /// Any number of such values; takes all positional arguments that are left.
  var list: ParameterCodec<[Value]> {
    ParameterCodec<[Value]>(
      expectation: "a list, each \(expectation)", bounds: bounds.map { "each \($0)" },
      choices: choices, kinds: kinds, isVariadic: true,
      decode: { term, context throws(SpecificationError) in
        guard case .list(let terms, _) = term else { return [try decode(term, context)] }
        var values: [Value] = []
        for term in terms { values.append(try decode(term, context)) }
        return values
      },
      encode: { values, isBrief in .list(values.compactMap { encode($0, isBrief) }, at: .unknown) })
  }

  /// Such a value, or none: written `none` or left out.
  var optional: ParameterCodec<Value?> {
    ParameterCodec<Value?>(
      expectation: expectation, bounds: bounds, choices: choices, kinds: kinds, isVariadic: isVariadic,
      decode: { term, context throws(SpecificationError) in
        if case .part(let part) = term, part.name == "none", part.arguments.isEmpty { return nil }
        return try decode(term, context)
      },
      encode: { value, isBrief in value.flatMap { encode($0, isBrief) } })
  }
}
