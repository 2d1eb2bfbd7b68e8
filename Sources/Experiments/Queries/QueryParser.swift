/// Reads `where` expressions, column names and sort keys.
///
///     expression = term {"or" term}       term = factor {"and" factor}
///     factor     = "not" factor | "(" expression ")" | "has" "tag" value | column test
///     test       = relation value | ["not"] "like" value | ["not"] "in" "(" value {"," value} ")" | "is" ["not"] "missing"
///     column     = word | function "(" word ")"
struct QueryParser {
  /// More comparisons are too deep a tree for SQLite, and deeper brackets overflow its parser.
  private static let mostComparisons = 200
  private static let deepest = 20
  /// In all lists of `in` together; SQLite binds at most 32,766 values.
  private static let mostValues = 10_000

  private let text: String
  private let origin: String
  private let tokens: [QueryToken]
  private var position = 0
  private var comparisons = 0
  private var listed = 0
  private var depth = 0

  /// `origin`: what the text is to the user: `where`, `sort`, `columns`.
  init(_ text: String, origin: String) throws {
    self.text = text
    self.origin = origin
    tokens = try QueryLexer(text, origin: origin).tokens()
  }

  static func expression(_ text: String) throws -> QueryExpression {
    var parser = try QueryParser(text, origin: "where")
    let expression = try parser.expression()
    try parser.requireEnd(expected: "'and', 'or' or the end")
    return expression
  }

  static func name(_ text: String, origin: String) throws -> QueryName {
    var parser = try QueryParser(text, origin: origin)
    let name = try parser.name()
    try parser.requireEnd(expected: "the end")
    return name
  }

  private var current: QueryToken { tokens[position] }

  private mutating func take() -> QueryToken {
    defer { if position < tokens.count - 1 { position += 1 } }
    return tokens[position]
  }

  private mutating func accept(_ kind: QueryToken.Kind) -> Bool {
    guard current.kind == kind else { return false }
    _ = take()
    return true
  }

  private mutating func acceptKeyword(_ keyword: String) -> Bool {
    guard current.isKeyword(keyword) else { return false }
    _ = take()
    return true
  }

  private func failure(_ problem: QueryError.Problem, at place: Range<Int>) -> QueryError {
    QueryError(problem, text: text, origin: origin, place: place)
  }

  private func unexpected(_ token: QueryToken, expected: String) -> QueryError {
    failure(.unexpected(found: token.described, expected: expected), at: token.place)
  }

  private func requireEnd(expected: String) throws {
    guard current.kind == .end else { throw unexpected(current, expected: expected) }
  }

  private mutating func expression() throws -> QueryExpression {
    var parts = [try term()]
    while acceptKeyword("or") { parts.append(try term()) }
    return parts.count == 1 ? parts[0] : .any(parts)
  }

  private mutating func term() throws -> QueryExpression {
    var parts = [try factor()]
    while acceptKeyword("and") { parts.append(try factor()) }
    return parts.count == 1 ? parts[0] : .all(parts)
  }

  private mutating func factor() throws -> QueryExpression {
    let start = current
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.deepest + 1 else { throw failure(.tooDeep(limit: Self.deepest), at: start.place) }
    if acceptKeyword("not") { return .not(try factor()) }
    if accept(.symbol("(")) {
      let inner = try expression()
      if current.kind == .end { throw failure(.unclosedParenthesis, at: start.place) }
      guard accept(.symbol(")")) else { throw unexpected(current, expected: "'and', 'or' or ')'") }
      return inner
    }
    return try comparison()
  }

  private mutating func comparison() throws -> QueryExpression {
    let start = current
    comparisons += 1
    guard comparisons <= Self.mostComparisons else {
      throw failure(.tooLong(limit: Self.mostComparisons), at: start.place)
    }
    if start.isKeyword("has"), acceptKeyword("has") {
      let tag = current
      guard acceptKeyword("tag") else { throw unexpected(current, expected: "'tag'") }
      return .oneOf(QueryName(function: nil, name: "tag", place: tag.place), [try value("a tag")])
    }
    return try test(of: name())
  }

  private mutating func test(of name: QueryName) throws -> QueryExpression {
    if acceptKeyword("is") {
      let isPresent = acceptKeyword("not")
      guard acceptKeyword("missing") else {
        throw unexpected(current, expected: isPresent ? "'missing'" : "'missing' or 'not missing'")
      }
      return isPresent ? .not(.missing(name)) : .missing(name)
    }
    let isNegated = acceptKeyword("not")
    if acceptKeyword("in") {
      let list = QueryExpression.oneOf(name, try list())
      return isNegated ? .not(list) : list
    }
    if acceptKeyword("like") {
      let pattern = try value("a pattern")
      // What SQL means by it would be looked for as a percent sign, and be found nowhere.
      if pattern.text.contains("%") { throw failure(.patternOfSQL, at: pattern.place) }
      return isNegated ? .not(.like(name, pattern)) : .like(name, pattern)
    }
    if isNegated { throw unexpected(current, expected: "'in' or 'like'") }
    if accept(.symbol("=")) { return .oneOf(name, [try value("a value")]) }
    if accept(.symbol("!=")) { return .not(.oneOf(name, [try value("a value")])) }
    if accept(.symbol("~")) { return .like(name, try value("a value")) }
    for order in QueryOrder.allCases where accept(.symbol(order.rawValue)) {
      return .ordered(name, order, try value("a value"))
    }
    throw unexpected(current, expected: "one of = != < <= > >= ~ in like is")
  }

  private mutating func list() throws -> [QueryValue] {
    let opening = current
    guard accept(.symbol("(")) else { throw unexpected(current, expected: "'(' and values, such as (adam, sgd)") }
    var values: [QueryValue] = []
    repeat {
      listed += 1
      guard listed <= Self.mostValues else { throw failure(.tooManyValues(limit: Self.mostValues), at: current.place) }
      values.append(try value("a value"))
    } while accept(.symbol(","))
    if current.kind == .end { throw failure(.unclosedParenthesis, at: opening.place) }
    guard accept(.symbol(")")) else { throw unexpected(current, expected: "',' or ')'") }
    return values
  }

  private mutating func value(_ expected: String) throws -> QueryValue {
    let token = take()
    switch token.kind {
    case .word(let text), .quoted(let text): return QueryValue(text: text, place: token.place)
    case .symbol, .end: throw unexpected(token, expected: expected)
    }
  }

  private mutating func name() throws -> QueryName {
    let token = take()
    switch token.kind {
    case .quoted(let text): return QueryName(function: nil, name: text, place: token.place)
    case .symbol, .end: throw unexpected(token, expected: "a column")
    case .word(let text):
      let opening = current
      guard accept(.symbol("(")) else { return QueryName(function: nil, name: text, place: token.place) }
      guard let function = QueryFunction(rawValue: text.lowercased()) else {
        throw failure(.unknownFunction(text), at: token.place)
      }
      let inner = try value("a metric")
      if current.kind == .end { throw failure(.unclosedParenthesis, at: opening.place) }
      guard accept(.symbol(")")) else { throw unexpected(current, expected: "')'") }
      return QueryName(function: function, name: inner.text, place: inner.place)
    }
  }
}
