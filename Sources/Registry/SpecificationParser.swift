extension Specification {
  /// Parses one part. `origin` says where the text came from (`--optimizer`, `recipe key model`) and heads every error.
  public init(parsing text: String, origin: String) throws(SpecificationError) {
    var parser = SpecificationParser(text, origin: origin)
    self = try parser.parseWhole { parser throws(SpecificationError) in try parser.parseSpecification() }
  }

  /// Parses a comma-separated sequence of parts; empty text is an empty sequence.
  public static func parseSequence(_ text: String, origin: String) throws(SpecificationError) -> [Specification] {
    var parser = SpecificationParser(text, origin: origin)
    return try parser.parseWhole { parser throws(SpecificationError) in
      parser.isAtEnd
        ? [] : try parser.parseList(until: nil) { parser throws(SpecificationError) in try parser.parseSpecification() }
    }
  }
}

/// A recursive-descent parser over the characters of one text; columns in errors count characters.
private struct SpecificationParser {
  let source: SpecificationError.Source
  let characters: [Character]
  var position = 0
  /// Brackets that are open: each takes some of the stack.
  private var depth = 0
  private static let greatestDepth = 100

  init(_ text: String, origin: String) {
    source = SpecificationError.Source(text: text, origin: origin)
    characters = Array(text)
    skipSpace()
  }

  var isAtEnd: Bool { position == characters.count }
  var next: Character? { isAtEnd ? nil : characters[position] }

  mutating func parseWhole<Result>(
    _ parse: (inout Self) throws(SpecificationError) -> Result
  ) throws(SpecificationError) -> Result {
    let result = try parse(&self)
    if let next {
      if ")]".contains(next) { throw error(.unbalanced(String(next), expected: nil)) }
      throw unexpected("a comma or the end")
    }
    return result
  }

  mutating func parseSpecification() throws(SpecificationError) -> Specification {
    let start = position
    guard let first = next, first.isLetter else { throw unexpected("the name of a part") }
    while let character = next, character.isLetter || character.isNumber || "-_.".contains(character) { position += 1 }
    let name = String(characters[start..<position])
    let place = Place(start..<position)
    skipSpace()
    guard next == "(" else { return Specification(name, at: place) }
    let open = position
    advance()
    if next == ")" {
      advance()
      return Specification(name, at: place)
    }
    let arguments = try parseList(until: (")", open)) { parser throws(SpecificationError) in
      try parser.parseArgument()
    }
    return Specification(name, arguments, at: place)
  }

  private mutating func parseArgument() throws(SpecificationError) -> Specification.Argument {
    let value = try parseTerm()
    guard next == ":", case .part(let label) = value, label.arguments.isEmpty else {
      return Specification.Argument(nil, value)
    }
    advance()
    return Specification.Argument(label.name, try parseTerm())
  }

  private mutating func parseTerm() throws(SpecificationError) -> Specification.Term {
    let start = position
    switch next {
    case "[":
      advance()
      if next == "]" {
        advance()
        return .list([], at: place(from: start))
      }
      let terms = try parseList(until: ("]", start)) { parser throws(SpecificationError) in try parser.parseTerm() }
      return .list(terms, at: place(from: start))
    case "'", "\"":
      return try parseString()
    case let character? where character.isNumber || "+-.".contains(character):
      while let character = next, character.isNumber || character.isLetter || "+-._".contains(character) {
        position += 1
      }
      let text = String(characters[start..<position])
      guard Double(text) != nil else {
        throw error(.malformedNumber(text), at: start..<position)
      }
      let place = Place(start..<position)
      skipSpace()
      return .number(text, at: place)
    default:
      return .part(try parseSpecification())
    }
  }

  private mutating func parseString() throws(SpecificationError) -> Specification.Term {
    let start = position
    let quote = characters[start]
    var text = ""
    position += 1
    while let character = next, character != quote {
      position += 1
      if character == "\\", let escaped = next {
        text.append(escaped)
        position += 1
      } else {
        text.append(character)
      }
    }
    guard next == quote else { throw error(.unbalanced(String(quote), expected: String(quote)), at: start..<start + 1) }
    let place = Place(start..<position + 1)
    advance()
    return .string(text, at: place)
  }

  /// Items separated by commas, then the closing bracket that matches the one at `open`, if any.
  mutating func parseList<Item>(
    until close: (bracket: Character, open: Int)?, _ parse: (inout Self) throws(SpecificationError) -> Item
  ) throws(SpecificationError) -> [Item] {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.greatestDepth else {
      throw error(
        .unexpected(found: "one more", expected: "at most \(Self.greatestDepth) brackets within each other"),
        at: close.map { $0.open..<$0.open + 1 })
    }
    var items = [try parse(&self)]
    while next == "," {
      advance()
      items.append(try parse(&self))
    }
    guard let close else { return items }
    guard next == close.bracket else {
      if isAtEnd || next.map({ ")]".contains($0) }) == true {
        throw error(
          .unbalanced(String(characters[close.open]), expected: String(close.bracket)), at: close.open..<close.open + 1)
      }
      throw unexpected("a comma or '\(close.bracket)'")
    }
    advance()
    return items
  }

  private mutating func advance() {
    position += 1
    skipSpace()
  }

  /// What was read since `start`, without the space after it.
  private func place(from start: Int) -> Place {
    Place(start..<(characters[start..<position].lastIndex { !$0.isWhitespace } ?? start) + 1)
  }

  private mutating func skipSpace() {
    while let character = next, character.isWhitespace { position += 1 }
  }

  private func unexpected(_ wanted: String) -> SpecificationError {
    error(.unexpected(found: next.map { "'\($0)'" } ?? "the end", expected: wanted))
  }

  private func error(_ problem: SpecificationError.Problem, at range: Range<Int>? = nil) -> SpecificationError {
    SpecificationError(problem, at: Place(range ?? position..<position + 1), in: source)
  }
}
