import Registry

/// A part with the greatest or least values that its parameters take.
///
/// What a parameter takes is found by trying: the numbers of its declared range with their neighbours, and the greatest and
/// least of its type.
struct Extremes {
  private let entry: Registry.Entry
  /// With what must be given.
  private let plain: Specification
  private let parameters: [Range]

  private struct Range {
    let label: String
    let least: Specification.Term
    let greatest: Specification.Term
  }

  /// A parameter `limit` is 1 throughout: it saves datasets from being made in full.
  init(of entry: Registry.Entry, _ registry: Registry) throws {
    self.entry = entry
    let example = try registry.make(Specification(parsing: entry.type.example, origin: "example"), entry)
    let plain = Specification(
      entry.name,
      example.parameters.compactMap { schema, value -> Specification.Argument? in
        let value = schema.label == Self.limit ? 1.term : schema.isRequired ? value : nil
        return value.map { Specification.Argument(schema.label, $0) }
      })
    self.plain = plain
    parameters = example.parameters.compactMap { schema, _ -> Range? in
      guard schema.kinds.isEmpty, schema.label != Self.limit else { return nil }
      let taken = candidates(for: schema).filter { term in
        do throws(SpecificationError) {
          _ = try registry.make(plain.setting(schema.label, to: term), entry)
          return true
        } catch {
          // What does not go with other arguments is in its range.
          if case .invalid = error.problem { return true } else { return false }
        }
      }
      guard let least = taken.first, let greatest = taken.last else { return nil }
      return Range(label: schema.label, least: least, greatest: greatest)
    }
  }

  private static let limit = "limit"

  /// Each parameter alone at its least, and one, two or three at their greatest.
  var specifications: [Specification] {
    let least = parameters.map { plain.setting($0.label, to: $0.least) }
    var groups: [[Int]] = [[]]
    for size in 0..<3 {
      groups += groups.filter { $0.count == size }.flatMap { group in
        ((group.last ?? -1) + 1..<parameters.count).map { group + [$0] }
      }
    }
    return least
      + groups.map { group in
        group.reduce(plain) { $0.setting(parameters[$1].label, to: parameters[$1].greatest) }
      }
  }

  /// The part at its greatest in itself in itself; nil for one that holds no parts of its own kind.
  var nested: Specification? {
    let holder = entry.type.init().parameters.map(\.schema).first { $0.kinds.contains(entry.kind) }
    guard let holder else { return nil }
    let greatest = parameters.reduce(plain) { $0.setting($1.label, to: $1.greatest) }
    return (0..<2).reduce(greatest) { inner, _ in greatest.setting(holder.label, to: .part(inner)) }
  }
}

/// Values to try, in ascending order; a list holds three of one value.
private func candidates(for schema: ParameterSchema) -> [Specification.Term] {
  let text = "\(schema.type) \(schema.range ?? "")"
  let named = text.split(whereSeparator: { $0 == " " || $0 == "," }).compactMap { Double($0) }
  let terms: [Specification.Term]
  if !schema.choices.isEmpty {
    terms = schema.choices.map { .part(Specification($0)) }
  } else if text.contains(Bool.expectation) {
    terms = [false.term, true.term]
  } else if text.contains(Int.expectation) {
    let whole = named.compactMap { Int(exactly: $0) }
    let besides: [Int] = whole.flatMap { number -> [Int] in
      [max(number, .min + 1) - 1, number, min(number, .max - 1) + 1]
    }
    terms = Set<Int>(besides + [.min, .max]).sorted().map(\.term)
  } else if text.contains(Double.expectation) {
    let numbers = named.flatMap { [$0.nextDown, $0, $0.nextUp] }
    terms = Set(numbers + [-Double.greatestFiniteMagnitude, .greatestFiniteMagnitude]).sorted().map(\.term)
  } else {
    return []
  }
  return schema.isVariadic ? terms.map { .list([$0, $0, $0], at: .unknown) } : terms
}

extension Specification {
  /// The same with another value of a parameter; all arguments have labels.
  fileprivate func setting(_ label: String, to value: Term) -> Specification {
    Specification(name, arguments.filter { $0.label != label } + [Argument(label, value)])
  }
}
