import Foundation
import Registry
import Yams

extension Recipe {
  /// Reads a recipe. A list of texts is joined by commas; specifications need no quotes.
  ///
  /// - Parameters:
  ///   - yaml: the text of a recipe.
  ///   - origin: what the text is to the user: a path. It heads every error.
  /// - Throws: ``RecipeError`` for what is no YAML, or has a key or value that a recipe does not take.
  public init(yaml: String, origin: String) throws(RecipeError) {
    self.init()
    guard let root = try Self.compose(yaml, origin) else { return }
    guard let mapping = root.mapping else {
      throw RecipeError(.notAMapping, origin: origin, line: root.mark?.line)
    }
    for (keyNode, value) in mapping {
      let line = keyNode.mark?.line
      guard let name = keyNode.scalar?.string else { throw RecipeError(.notAMapping, origin: origin, line: line) }
      guard let key = Self.key(name) else {
        throw RecipeError(.unknownKey(name, candidates: Self.keys.map(\.name)), origin: origin, line: line)
      }
      guard let text = Self.text(of: value) else {
        let expected = "a text, a number or a list of texts, such as 'adam(rate: 0.001)'"
        throw RecipeError(.wrongValue(key: name, expected: expected, found: "a mapping"), origin: origin, line: line)
      }
      do {
        try key.set(&self, text)
      } catch {
        throw RecipeError(.wrongValue(key: name, expected: error.text, found: text), origin: origin, line: line)
      }
      origins.texts[name] = "\(origin)\(line.map { ", line \($0)" } ?? ""), \(name)"
    }
  }

  /// Every key in order; reading it gives an equal recipe. Changes of single arguments are written into the
  /// specifications.
  public var yaml: String {
    let recipe = (try? applyingEdits { _, _ in [] }) ?? self
    return Self.keys.map { key in
      switch key.get(recipe) {
      case .plain(let text): "\(key.name): \(text)\n"
      case .text(let text): "\(key.name): \(quoted(text))\n"
      case .list(let texts): "\(key.name): [\(texts.map(quoted).joined(separator: ", "))]\n"
      }
    }.joined()
  }

  private static func compose(_ yaml: String, _ origin: String) throws(RecipeError) -> Node? {
    do {
      return try Yams.compose(
        yaml: yaml.split(separator: "\n", omittingEmptySubsequences: false).map(quotingSpecification).joined(
          separator: "\n"))
    } catch let error as YamlError {
      switch error {
      case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
        .composer(let context, let problem, let mark, _):
        let reason = [context?.text, problem].compactMap(\.self).joined(separator: " ")
        throw RecipeError(.malformed(reason: reason), origin: origin, line: mark.line)
      default:
        throw RecipeError(.malformed(reason: error.description), origin: origin)
      }
    } catch {
      throw RecipeError(.malformed(reason: "\(error)"), origin: origin)
    }
  }

  /// A text, or a list joined by commas; nil for a mapping. An unquoted `f(a, b: c)` in a list reads as pairs of a
  /// mapping.
  private static func text(of node: Node) -> String? {
    switch node {
    case .scalar(let scalar): scalar.style == .plain && ["~", "null"].contains(scalar.string) ? "" : scalar.string
    case .sequence(let sequence):
      sequence.reduce("" as String?) { text, element in
        guard let text else { return nil }
        let part: String? =
          if let mapping = element.mapping, mapping.count == 1, let pair = mapping.first, let key = pair.key.scalar,
            let value = pair.value.scalar
          {
            "\(key.string): \(value.string)"
          } else {
            element.scalar?.string
          }
        return part.map { text.isEmpty ? $0 : "\(text), \($0)" }
      }
    default: nil
    }
  }
}

/// A line whose value is an unquoted specification with `label: value` in it, quoted: YAML takes the colon for a
/// mapping's.
private func quotingSpecification(_ line: Substring) -> String {
  guard let match = line.wholeMatch(of: /(\s*(?:- +|[a-z][a-z-]*: +))([A-Za-z].*\(.*: .*)/) else { return String(line) }
  var value = String(match.2)
  var comment = ""
  if let start = value.range(of: " #") {
    comment = String(value[start.lowerBound...])
    value = String(value[..<start.lowerBound])
  }
  return "\(match.1)'\(value.trimmed.replacing("'", with: "''"))'\(comment)"
}

/// Single quotes, in which YAML knows no escapes but the doubled quote; double ones for what takes several lines.
private func quoted(_ text: String) -> String {
  if text.contains(where: \.isNewline) || text.contains("\t") {
    let escaped = text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\r\n", with: "\\r\\n")
      .replacing("\n", with: "\\n").replacing("\r", with: "\\r").replacing("\t", with: "\\t")
    return "\"\(escaped)\""
  }
  let isPlain = isPartName(text) && !["true", "false", "null", "yes", "no", "on", "off"].contains(text)
  return isPlain ? text : "'\(text.replacing("'", with: "''"))'"
}
