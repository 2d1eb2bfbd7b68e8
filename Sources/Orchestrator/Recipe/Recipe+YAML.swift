import Foundation
import Registry
import Yams

extension Recipe {
  /// Reads a recipe. Parts are written in the part language, which needs no quotes, or as mappings:
  /// `{adam: {rate: 0.01}}`; several are a list or separated by commas.
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
      let text: String
      do {
        text = try key.text(of: value)
      } catch {
        throw RecipeError(.wrongValue(key: name, expected: error.text, found: "a mapping"), origin: origin, line: line)
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
    let text = RecipeText(yaml)
    do {
      return try Yams.compose(yaml: text.quoted)
    } catch let error as YamlError {
      switch error {
      case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
        .composer(let context, let problem, let mark, _):
        let reason = [context?.text, problem].compactMap(\.self).joined(separator: " ")
        throw RecipeError(.malformed(reason: reason), origin: origin, line: mark.line)
      case .duplicatedKeysInMapping(let names, let context):
        let lines = text.lines(of: names.first ?? "", near: context.mark.line)
        throw RecipeError(.duplicateKey(names.first ?? "", lines: lines), origin: origin, line: lines.last)
      case .reader(let problem, _, _, _):
        throw RecipeError(.malformed(reason: problem), origin: origin)
      default:
        throw RecipeError(.malformed(reason: "it cannot be read"), origin: origin)
      }
    } catch {
      throw RecipeError(.malformed(reason: "it cannot be read"), origin: origin)
    }
  }
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
