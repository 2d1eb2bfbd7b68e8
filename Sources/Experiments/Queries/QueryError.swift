/// What is wrong with a query, as data; `description` makes the sentence and the caret line.
public struct QueryError: Error, Sendable, Equatable {
  public enum Problem: Sendable, Equatable {
    case unexpected(found: String, expected: String)
    case unclosedQuote
    case unclosedParenthesis
    case unknownColumn(String, nearest: String?, existing: [String])
    case unknownFunction(String)
    /// A function of a metric around something else.
    case notAMetric(String, function: String)
    case needsNumber(column: String, found: String)
    case needsDate(column: String, found: String)
    case needsOrder(column: String, relation: String)
    /// A number or date that was to be matched.
    case needsText(column: String)
    case needsSeed(column: String, found: String)
    case unknownStatus(String, nearest: String?)
    /// A percent sign in what `like` is to match.
    case patternOfSQL
    case notSortable(String)
    case tooLong(limit: Int)
    case tooDeep(limit: Int)
    case tooManyValues(limit: Int)
    /// In a listing, or to sort by.
    case tooManyColumns(Int, limit: Int)
  }

  public let problem: Problem
  /// The text that was read, and what it is: `where`, `sort` or `columns`.
  public let text: String
  public let origin: String
  /// Counted in characters; empty where all of it is meant.
  public let place: Range<Int>

  public init(_ problem: Problem, text: String, origin: String, place: Range<Int>) {
    self.problem = problem
    self.text = text
    self.origin = origin
    self.place = place
  }
}

extension QueryError: CustomStringConvertible {
  /// The sentence, then the text with a caret under the place.
  public var description: String {
    guard !place.isEmpty else { return "\(origin): \(sentence)" }
    let heading = "\(origin), column \(place.lowerBound + 1): \(sentence)"
    guard !text.contains(where: \.isNewline) else { return heading }
    let underline = String(repeating: "~", count: max(0, place.count - 1))
    return "\(heading)\n  \(text)\n  \(String(repeating: " ", count: place.lowerBound))^\(underline)"
  }

  private var sentence: String {
    switch problem {
    case .unexpected(let found, let expected):
      "expected \(expected), found \(found)"
    case .unclosedQuote:
      "this quotation is never closed"
    case .unclosedParenthesis:
      "this ( is never closed: expected )"
    case .unknownColumn(let name, let nearest?, _):
      "there is no column '\(name)'; did you mean '\(nearest)'?"
    case .unknownColumn(let name, nil, let existing):
      "there is no column '\(name)'; there are \(list(existing, upTo: 30))"
    case .unknownFunction(let name):
      "there is no function '\(name)'; there are \(QueryFunction.allCases.map(\.rawValue).joined(separator: ", "))"
    case .notAMetric(let name, let function):
      "\(function)() is of a metric, and '\(name)' is not one"
    case .needsNumber(let column, let found):
      "'\(column)' is a number, and '\(found)' is not"
    case .needsDate(let column, let found):
      "'\(column)' is a date, as 2026-01-31 or 2026-01-31T18:00, and '\(found)' is not"
    case .needsOrder(let column, let relation):
      "'\(column)' has no order, so it cannot be compared by \(relation); use = != ~ or in"
    case .needsText(let column):
      "'\(column)' is no text that could match a pattern; use = != < <= > >= or in"
    case .needsSeed(let column, let found):
      "'\(column)' is a whole number from 0 to \(UInt64.max), and '\(found)' is not"
    case .unknownStatus(let found, let nearest):
      "there is no status '\(found)'; "
        + (nearest.map { "did you mean '\($0)'?" }
          ?? "there are \(RunStatus.allCases.map(\.rawValue).joined(separator: ", "))")
    case .patternOfSQL:
      "in a pattern * stands for any text and ? for any character; for a percent sign itself use ~"
    case .notSortable(let name):
      "'\(name)' cannot be sorted by: a run may have several"
    case .tooLong(let limit):
      "the expression is too long: it may have at most \(limit) comparisons"
    case .tooManyValues(let limit):
      "the lists are too long: they may have at most \(limit) values"
    case .tooManyColumns(let count, let limit):
      "these are \(count) columns; at most \(limit) can be asked for at once"
    case .tooDeep(let limit):
      "the expression is too deep: at most \(limit) brackets and 'not' may be open at once"
    }
  }
}
