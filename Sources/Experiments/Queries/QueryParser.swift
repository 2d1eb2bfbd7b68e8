/// Reads `where` expressions, column names and sort keys.
///
///     expression = term {"or" term}       term = factor {"and" factor}
///     factor     = "not" factor | "(" expression ")" | "has" "tag" value | column relation value
///     column     = word | function "(" word ")"
struct QueryParser {
  /// More comparisons are too deep a tree for SQLite, and deeper brackets overflow its parser.
  private static let mostComparisons = 200
  private static let deepest = 20

  private let text: String
  private let origin: String
  private let tokens: [QueryToken]
  private var position = 0
  private var comparisons = 0
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
      return .comparison(QueryName(function: nil, name: "tag", place: tag.place), .equal, try value("a tag"))
    }
    let name = try name()
    let relations = QueryRelation.allCases.map(\.rawValue)
    guard case .symbol(let symbol) = current.kind, let relation = QueryRelation(rawValue: symbol) else {
      throw unexpected(current, expected: "one of \(relations.joined(separator: " "))")
    }
    _ = take()
    return .comparison(name, relation, try value("a value"))
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
