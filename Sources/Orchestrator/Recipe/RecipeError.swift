import Registry

/// What is wrong with a recipe, as data; `description` makes the sentence.
public struct RecipeError: Error, Sendable, Equatable {
  public enum Problem: Sendable, Equatable {
    /// Not YAML at all; the parser's words.
    case malformed(reason: String)
    case notAMapping
    /// Lines are counted from 1.
    case duplicateKey(String, lines: [Int])
    case unknownKey(String, candidates: [String])
    case wrongValue(key: String, expected: String, found: String)
    case missing(key: String, help: String)
    /// A path such as `epochs.rate`, below a key that holds no part.
    case notAPart(key: String)
    /// A path that leads nowhere.
    case badPath(String, reason: String)
  }

  public let problem: Problem
  /// The file, the flag, or whatever the text came from.
  public let origin: String
  /// Counted from 1; nil for what no line is to blame for.
  public let line: Int?

  public init(_ problem: Problem, origin: String, line: Int? = nil) {
    self.problem = problem
    self.origin = origin
    self.line = line
  }
}

extension RecipeError: CustomStringConvertible {
  public var description: String {
    "\(origin)\(line.map { ", line \($0)" } ?? ""): \(sentence)"
  }

  private var sentence: String {
    switch problem {
    case .malformed(let reason):
      "this is not YAML: \(reason)"
    case .notAMapping:
      "expected one 'key: value' a line"
    case .duplicateKey(let key, let lines) where lines.count > 1:
      "'\(key)' is given twice, in lines \(lines.map(String.init).joined(separator: " and ")); keep one"
    case .duplicateKey(let key, _):
      "'\(key)' is given twice; keep one"
    case .unknownKey(let key, let candidates):
      "there is no key '\(key)'" + suggestion(for: key, among: candidates)
        + "\n  keys: \(candidates.joined(separator: ", "))"
    case .wrongValue(let key, let expected, let found):
      "'\(key)' is \(expected), not '\(found)'"
    case .missing(let key, let help):
      "'\(key)' must be given (\(help))"
    case .notAPart(let key):
      "'\(key)' holds no part, so nothing lies below it; set '\(key)' itself"
    case .badPath(let path, let reason):
      "nothing can be set at '\(path)': \(reason)"
    }
  }
}
