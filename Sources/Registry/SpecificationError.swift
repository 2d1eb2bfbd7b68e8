/// What is wrong with a specification, as data; `description` makes the sentence.
public struct SpecificationError: Error, Sendable, Equatable {
  /// The text that was read and what it is to the user: a flag or a recipe key.
  public struct Source: Sendable, Equatable {
    public let text: String
    public let origin: String

    public init(text: String, origin: String) {
      self.text = text
      self.origin = origin
    }
  }

  public enum Problem: Sendable, Equatable {
    case unexpected(found: String, expected: String)
    case unbalanced(String, expected: String?)
    case malformedNumber(String)
    case unknownPart(String, kind: String, candidates: [String])
    case wrongKind(String, actual: String, expected: String)
    case unknownLabel(String, part: String, candidates: [String])
    case repeatedLabel(String, part: String)
    case missing(label: String, part: String, help: String)
    case tooManyArguments(part: String, accepted: [String])
    case wrongType(label: String, part: String, expected: String, found: String)
    case outOfRange(label: String, part: String, expected: String, found: String)
    case invalid(part: String, reason: String)
    case unknownPath(String, part: String, candidates: [String])
  }

  public let problem: Problem
  public let place: Place
  public let source: Source?

  public init(_ problem: Problem, at place: Place = .unknown, in source: Source? = nil) {
    self.problem = problem
    self.place = place
    self.source = source
  }

  /// The same error, said of a text: errors deep inside a part know only their place in it.
  public func said(of source: Source) -> SpecificationError {
    self.source == nil ? SpecificationError(problem, at: place, in: source) : self
  }
}

extension SpecificationError: CustomStringConvertible {
  /// The sentence, then the text with a caret under the place.
  public var description: String {
    guard let source else { return sentence }
    var text = "\(source.origin): \(sentence)"
    if let characters = place.characters {
      text = "\(source.origin), column \(characters.lowerBound + 1): \(sentence)"
      if !source.text.contains("\n") {
        let underline = String(repeating: "~", count: max(0, characters.count - 1))
        text += "\n  \(source.text)\n  \(String(repeating: " ", count: characters.lowerBound))^\(underline)"
      }
    }
    return text
  }

  private var sentence: String {
    switch problem {
    case .unexpected(let found, let expected):
      "expected \(expected), found \(found)"
    case .unbalanced(let bracket, let expected?):
      "this \(bracket) is never closed: expected \(expected)"
    case .unbalanced(let bracket, nil):
      "unbalanced \(bracket): nothing is open here"
    case .malformedNumber(let text):
      "'\(text)' is not a number"
    case .unknownPart(let name, let kind, let candidates):
      "there is no \(kind) '\(name)'" + suggestion(name, candidates, listedAs: plural(kind))
    case .wrongKind(let name, let actual, let expected):
      "'\(name)' is \(article(actual)), and \(article(expected)) is expected here"
    case .unknownLabel(let label, let part, let candidates):
      candidates.isEmpty
        ? "\(part) takes no arguments"
        : "\(part) has no parameter '\(label)'" + suggestion(label, candidates, listedAs: "parameters")
    case .repeatedLabel(let label, let part):
      "\(part) is given '\(label)' twice"
    case .missing(let label, let part, let help):
      "\(part) needs '\(label)' (\(help))"
    case .tooManyArguments(let part, let accepted):
      accepted.isEmpty
        ? "\(part) takes no arguments"
        : "\(part) takes at most \(accepted.count) argument\(accepted.count == 1 ? "" : "s"): "
          + accepted.joined(separator: ", ")
    case .wrongType(let label, let part, let expected, let found):
      "'\(label)' of \(part) is \(expected), not \(found)"
    case .outOfRange(let label, let part, let expected, let found):
      "'\(label)' of \(part) must be \(expected), not \(found)"
    case .invalid(let part, let reason):
      "\(part): \(reason)"
    case .unknownPath(let path, let part, let candidates):
      "\(part) has nothing at '\(path)'" + suggestion(path, candidates, listedAs: "it has")
    }
  }
}

/// `losses` of `loss`: what listings of a kind are headed with.
public func plural(_ kind: String) -> String {
  if kind.hasSuffix("y") { return kind.dropLast() + "ies" }
  return kind.hasSuffix("s") ? kind + "es" : kind + "s"
}

/// " (did you mean …?)" where a candidate is near, and what exists.
private func suggestion(_ name: String, _ candidates: [String], listedAs title: String) -> String {
  let hint = suggestion(for: name, among: candidates)
  let list = candidates.isEmpty ? "; none is registered" : "\n  \(title): \(candidates.joined(separator: ", "))"
  return hint + list
}

private func article(_ noun: String) -> String {
  "\("aeiou".contains(noun.first ?? "x") ? "an" : "a") \(noun)"
}
