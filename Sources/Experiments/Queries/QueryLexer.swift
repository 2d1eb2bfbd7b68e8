/// A piece of a query and where it stands, in characters.
struct QueryToken: Sendable, Equatable {
  enum Kind: Sendable, Equatable {
    case word(String)
    case quoted(String)
    /// One of ( ) , = != < <= > >= ~
    case symbol(String)
    case end
  }

  let kind: Kind
  let place: Range<Int>

  /// How an error names it.
  var described: String {
    switch kind {
    case .word(let text), .symbol(let text): "'\(text)'"
    case .quoted(let text): "\"\(text)\""
    case .end: "the end"
    }
  }

  /// Whether it is this keyword, in letters of either case.
  func isKeyword(_ keyword: String) -> Bool {
    if case .word(let text) = kind { text.lowercased() == keyword } else { false }
  }
}

/// Cuts a query into tokens: words are all that is not space, bracket, comma, quote or operator.
///
/// In quotes, a backslash before a quote or a backslash takes it as it is; any other backslash is one.
struct QueryLexer {
  private static let special: Set<Character> = ["(", ")", ",", "=", "!", "<", ">", "~", "\"", "'"]

  let text: String
  let origin: String
  private let characters: [Character]

  init(_ text: String, origin: String) {
    self.text = text
    self.origin = origin
    characters = Array(text)
  }

  /// - Throws: `QueryError`; the last token is the end.
  func tokens() throws -> [QueryToken] {
    var tokens: [QueryToken] = []
    var index = 0
    while index < characters.count {
      if characters[index].isWhitespace {
        index += 1
        continue
      }
      let token = try token(at: index)
      tokens.append(token)
      index = token.place.upperBound
    }
    return tokens + [QueryToken(kind: .end, place: characters.count..<characters.count + 1)]
  }

  private func token(at start: Int) throws -> QueryToken {
    let first = characters[start]
    if first == "\"" || first == "'" { return try quotation(at: start, by: first) }
    guard Self.special.contains(first) else { return word(at: start) }
    let isPair = start + 1 < characters.count && characters[start + 1] == "=" && "!<>=".contains(first)
    let symbol = isPair ? "\(first)=" : String(first)
    let place = start..<start + symbol.count
    guard symbol != "!" else {
      throw QueryError(.unexpected(found: "'!'", expected: "'!=' or 'not'"), text: text, origin: origin, place: place)
    }
    return QueryToken(kind: .symbol(symbol == "==" ? "=" : symbol), place: place)
  }

  private func quotation(at start: Int, by quote: Character) throws -> QueryToken {
    var content = ""
    var index = start + 1
    while index < characters.count, characters[index] != quote {
      let isEscape =
        characters[index] == "\\" && index + 1 < characters.count && "\\'\"".contains(characters[index + 1])
      if isEscape { index += 1 }
      content.append(characters[index])
      index += 1
    }
    guard index < characters.count else {
      throw QueryError(.unclosedQuote, text: text, origin: origin, place: start..<characters.count)
    }
    return QueryToken(kind: .quoted(content), place: start..<index + 1)
  }

  private func word(at start: Int) -> QueryToken {
    let end =
      characters[start...].firstIndex { $0.isWhitespace || Self.special.contains($0) } ?? characters.count
    return QueryToken(kind: .word(String(characters[start..<end])), place: start..<end)
  }
}
