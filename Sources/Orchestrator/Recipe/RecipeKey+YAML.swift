import Registry
import Yams

extension RecipeKey {
  /// A value of a file as the command line would take it: lists joined by commas, mappings in the part language.
  func text(of node: Node) throws(RecipeError.Expectation) -> String {
    switch node {
    case .scalar(let scalar):
      return scalar.isNull ? "" : scalar.string
    case .sequence(let sequence):
      return try PartLanguage.elements(of: sequence, takesParts: !kinds.isEmpty) { $0.isNull ? "none" : $0.string }
        .joined(separator: ", ")
    default:
      guard !kinds.isEmpty else { throw RecipeError.Expectation("a text, a number or a list of texts") }
      return try PartLanguage.part(node)
    }
  }
}

/// YAML's lists and mappings in the part language.
private enum PartLanguage {
  /// `{adam: {rate: 0.01}}` as `adam(rate: 0.01)`; the arguments are labelled in a mapping and in order in a list.
  static func part(_ node: Node) throws(RecipeError.Expectation) -> String {
    guard let mapping = node.mapping, mapping.count == 1, let (key, value) = mapping.first,
      let name = key.scalar?.string
    else { throw RecipeError.Expectation("one part, such as adam(rate: 0.001) or {adam: {rate: 0.001}}") }
    switch value {
    case .scalar(let scalar):
      return scalar.isNull ? name : "\(name)(\(term(scalar)))"
    case .sequence(let sequence):
      return "\(name)(\(try elements(of: sequence, takesParts: true, term).joined(separator: ", ")))"
    case .mapping(let arguments):
      var texts: [String] = []
      for (label, value) in arguments { texts.append("\(label.scalar?.string ?? ""): \(try term(value))") }
      return texts.isEmpty ? name : "\(name)(\(texts.joined(separator: ", ")))"
    default:
      throw RecipeError.Expectation("written out, without aliases")
    }
  }

  /// The elements of a list. `conv(8, kernel: 3)` in brackets reads as a text and a pair, which are put together again.
  static func elements(
    of sequence: Node.Sequence, takesParts: Bool, _ text: (Node.Scalar) -> String
  ) throws(RecipeError.Expectation) -> [String] {
    var elements: [String] = []
    var open = ""
    for node in sequence {
      let fragment: String
      if let scalar = node.scalar {
        fragment = open.isEmpty && depth(scalar.string) == 0 ? text(scalar) : scalar.string
      } else if let pair = node.mapping?.first, let key = pair.key.scalar?.string,
        let value = pair.value.scalar?.string,
        !open.isEmpty || key.contains("(")
      {
        fragment = "\(key): \(value)"
      } else if let sequence = node.sequence {
        fragment = "[\(try Self.elements(of: sequence, takesParts: takesParts, term).joined(separator: ", "))]"
      } else if takesParts {
        fragment = try part(node)
      } else {
        throw RecipeError.Expectation("a text, a number or a list of texts")
      }
      open += open.isEmpty ? fragment : ", \(fragment)"
      if depth(open) <= 0 {
        elements.append(open)
        open = ""
      }
    }
    return open.isEmpty ? elements : elements + [open]
  }

  private static func term(_ node: Node) throws(RecipeError.Expectation) -> String {
    switch node {
    case .scalar(let scalar): term(scalar)
    case .sequence(let sequence):
      "[\(try elements(of: sequence, takesParts: true, term).joined(separator: ", "))]"
    default: try part(node)
    }
  }

  /// What was given in quotes is a text, not a number.
  private static func term(_ scalar: Node.Scalar) -> String {
    if scalar.isNull { return "none" }
    let term = Specification.term(scalar.string, origin: "")
    if scalar.style != .plain, case .number(let text, _) = term {
      return "\(Specification.Term.string(text, at: .unknown))"
    }
    return "\(term)"
  }

  private static func depth(_ text: String) -> Int {
    text.reduce(0) { $0 + ($1 == "(" ? 1 : $1 == ")" ? -1 : 0) }
  }
}

extension Node.Scalar {
  /// YAML's nothing: `~`, `null` or no text at all.
  fileprivate var isNull: Bool { style == .plain && ["~", "null", ""].contains(string) }
}
