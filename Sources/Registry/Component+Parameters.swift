extension Component {
  /// The part's parameters with their schema and present value, in the order of declaration.
  public var parameters: [(schema: ParameterSchema, value: Specification.Term?)] {
    reflectedParameters.map { ($0.parameter.schema(label: $0.label), $0.parameter.term(isBrief: false)) }
  }

  var reflectedParameters: [(label: String, parameter: any AnyParameter)] {
    Mirror(reflecting: self).children.compactMap { child in
      guard let parameter = child.value as? any AnyParameter, let name = child.label else { return nil }
      return (hyphenated(name.drop(while: { $0 == "_" })), parameter)
    }
  }

  /// Fills a part that was just made and that nothing else refers to yet; what is filled is valid.
  func fill(from specification: Specification, registry: Registry) throws(SpecificationError) {
    let parameters = reflectedParameters
    let schemas = parameters.map { $0.parameter.schema(label: $0.label) }
    let labels = schemas.map(\.label)
    var given: [Int: Specification.Term] = [:]
    var position = 0
    for argument in specification.arguments {
      if let label = argument.label {
        guard let index = labels.firstIndex(of: label) else {
          throw SpecificationError(
            .unknownLabel(label, part: Self.name, candidates: labels), at: argument.value.place)
        }
        guard given[index] == nil else {
          throw SpecificationError(.repeatedLabel(label, part: Self.name), at: argument.value.place)
        }
        given[index] = argument.value
      } else {
        while position < parameters.count, given[position] != nil, !schemas[position].isVariadic { position += 1 }
        guard position < parameters.count else {
          throw SpecificationError(.tooManyArguments(part: Self.name, accepted: labels), at: argument.value.place)
        }
        given[position] =
          switch given[position] {
          case let earlier? where schemas[position].isVariadic: earlier.appending(argument.value)
          default: argument.value
          }
      }
    }
    for (index, (label, parameter)) in parameters.enumerated() {
      if let term = given[index] {
        try parameter.set(term, DecodingContext(registry: registry, label: label, part: Self.name))
      } else if schemas[index].isRequired {
        throw SpecificationError(
          .missing(label: label, part: Self.name, help: schemas[index].help), at: specification.place)
      }
    }
    do {
      try validate()
    } catch {
      let blamed = (error as? ArgumentError)?.label.flatMap(labels.firstIndex)
      let place = blamed.flatMap { given[$0]?.place } ?? specification.place
      throw SpecificationError(.invalid(part: Self.name, reason: "\(error)"), at: place)
    }
  }
}

extension Specification {
  /// The part with every parameter written out. The first parameters print without a label while they are the ones that
  /// a reader expects there: the first one, and lists of parts.
  public init(of component: some Component) { self.init(component, isBrief: false) }

  /// The part with only those parameters that differ from their defaults, as a user would have written it.
  public init(brief component: some Component) { self.init(component, isBrief: true) }

  private init<Part: Component>(_ component: Part, isBrief: Bool) {
    self.init(Part.name)
    let standard = isBrief ? Part().reflectedParameters.map { $0.parameter.term(isBrief: true) } : []
    for (index, (label, parameter)) in component.reflectedParameters.enumerated() {
      guard let term = parameter.term(isBrief: isBrief) else { continue }
      let schema = parameter.schema(label: label)
      if isBrief, !schema.isRequired, term == standard[index] { continue }
      if schema.isVariadic, case .list(let terms, _) = term, !terms.isEmpty, index == arguments.count,
        arguments.allSatisfy({ $0.label == nil })
      {
        arguments += terms.map { Argument(nil, $0) }
      } else {
        arguments.append(Argument(index == 0 ? nil : label, term))
      }
    }
  }
}

extension Specification.Term {
  fileprivate func appending(_ term: Specification.Term) -> Specification.Term {
    guard case .list(let terms, let place) = self else { return .list([self, term], at: place) }
    return .list(terms + [term], at: place)
  }
}

/// `labelSmoothing` as users write it: `label-smoothing`.
private func hyphenated(_ name: some StringProtocol) -> String {
  name.reduce(into: "") { text, character in
    text += character.isUppercase ? "-\(character.lowercased())" : String(character)
  }
}
