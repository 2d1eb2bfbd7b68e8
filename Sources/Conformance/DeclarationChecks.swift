import Registry

extension ConformanceSuite {
  /// What is said of the part and its parameters, and how arguments that do not fit are refused.
  func declarationChecks(_ entry: Registry.Entry) -> [CheckResult] {
    [
      result(entry, "schema") { try checkSchema(entry) },
      result(entry, "bad arguments") { try checkBadArguments(entry) },
    ]
  }

  private func checkSchema(_ entry: Registry.Entry) throws -> String {
    let texts = [("summary", entry.type.summary), ("reference", entry.type.reference), ("formula", entry.type.formula)]
    for (title, text) in texts where text.isEmpty { throw Failure("has no \(title)") }
    let fresh = entry.type.init()
    for (schema, _) in fresh.parameters where schema.help.isEmpty {
      throw Failure("parameter '\(schema.label)' has no help")
    }
    do {
      try fresh.validate()
    } catch {
      throw Failure("its defaults do not go together: \(error)")
    }
    let example = try Specification(parsing: entry.type.example, origin: "example of \(entry.name)")
    guard example.name == entry.name else {
      throw Failure("its example '\(entry.type.example)' is of '\(example.name)'")
    }
    for part in [fresh, try registry.make(example, entry)] {
      for specification in [Specification(of: part), Specification(brief: part)] {
        let text = specification.description
        let again = try registry.make(Specification(parsing: text, origin: "printed \(entry.name)"), entry)
        guard Specification(of: again) == Specification(of: part) else {
          throw Failure("prints as '\(text)', which makes '\(Specification(of: again))'")
        }
      }
    }
    return "\(fresh.parameters.count) parameters"
  }

  private func checkBadArguments(_ entry: Registry.Entry) throws -> String {
    let example = try Specification(parsing: entry.type.example, origin: "example of \(entry.name)")
    let labels = entry.type.init().parameters.map(\.schema.label)
    func refusal(_ label: String, _ value: Specification.Term) -> SpecificationError? {
      let others = example.arguments.enumerated().filter { index, argument in
        argument.label != label && !(argument.label == nil && labels.first == label)
      }.map(\.element)
      let specification = Specification(entry.name, others + [Specification.Argument(label, value)])
      do {
        _ = try registry.make(specification, entry)
        return nil
      } catch {
        return error
      }
    }
    let unknown = "no-such-parameter"
    guard let error = refusal(unknown, .number("1", at: .unknown)) else {
      throw Failure("takes '\(unknown): 1' silently")
    }
    guard error.problem == .unknownLabel(unknown, part: entry.name, candidates: labels) else {
      throw Failure("does not say of '\(unknown): 1' which labels there are: \(error)")
    }
    var count = 1
    for (schema, _) in entry.type.init().parameters {
      var wrong = schema.choices.isEmpty ? [] : [Specification.Term.part(Specification("no-such-word"))]
      wrong += valuesOutside(schema.range ?? "").map(\.term)
      if [Int.expectation, Double.expectation, Bool.expectation].contains(schema.type) {
        wrong.append(.string("no number", at: .unknown))
      }
      for term in wrong {
        count += 1
        guard let error = refusal(schema.label, term) else {
          throw Failure("'\(schema.label): \(term)' is taken, though it must be \(schema.range ?? schema.type)")
        }
        guard error.description.contains(schema.label) else {
          throw Failure("the error about '\(schema.label): \(term)' does not name the label: \(error)")
        }
      }
    }
    return "\(count) refused"
  }

  /// Numbers that a range's text excludes: `at least 1` excludes 0, `above 0` excludes 0.
  private func valuesOutside(_ range: String) -> [Double] {
    var words = range.split(separator: " ")[...]
    var values: [Double] = []
    var previous = ""
    while let word = words.popFirst() {
      if let number = Double(word) {
        switch previous {
        case "least": values.append(number - 1)
        case "most", "to": values.append(number + 1)
        case "above", "below": values.append(number)
        default: if words.first == "to" { values.append(number - 1) }
        }
      }
      previous = String(word)
    }
    return values
  }
}
