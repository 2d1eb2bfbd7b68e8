/// The text of a recipe's file on its way to YAML: any line ends, a byte-order mark, and the part language without quotes.
struct RecipeText {
  private let lines: [[Character]]

  init(_ text: String) {
    var text = text[...]
    // It is no character of its own before a combining one, but a scalar.
    if text.unicodeScalars.first == "\u{FEFF}" { text.unicodeScalars.removeFirst() }
    lines = text.split(omittingEmptySubsequences: false) { ["\n", "\r\n", "\r"].contains($0) }.map(Array.init)
  }

  /// YAML: values such as `adam(rate: 0.1)`, whose colon it would take for a mapping's, are quoted, and all else is left
  /// as it is. Lines keep their numbers.
  var quoted: String {
    var result: [String] = []
    while result.count < lines.count {
      let first = result.count
      let line = Line(lines[first])
      if let end = verbatimEnd(from: first, line) {
        result += lines[first..<end].map { String($0) }
      } else if let value = value(from: first, line), value.hasLabel {
        let text = String(value.text).trimmed.replacing("'", with: "''")
        result.append("\(String(lines[first][..<line.start]))'\(text)'\(value.comment)")
        result += Array(repeating: "", count: value.end - first - 1)
      } else {
        result.append(String(lines[first]))
      }
    }
    return result.joined(separator: "\n")
  }

  /// The lines, counted from 1, that give a key next to the place where it was found to be repeated.
  func lines(of key: String, near number: Int) -> [Int] {
    let parsed = lines.map { Line($0) }
    guard parsed.indices.contains(number - 1), parsed[number - 1].key == key else { return [number] }
    let column = parsed[number - 1].keyStart
    let same = parsed.indices.filter { parsed[$0].key == key && parsed[$0].keyStart == column }
    let others = same.filter { $0 != number - 1 }.sorted { abs($0 + 1 - number) < abs($1 + 1 - number) }
    return ([number] + others.prefix(1).map { $0 + 1 }).sorted()
  }

  /// Where a block text or a quoted text of several lines ends that begins in a line; nil for other lines.
  private func verbatimEnd(from first: Int, _ line: Line) -> Int? {
    guard let mark = line.value.first else { return nil }
    if mark == "|" || mark == ">" {
      return lines[(first + 1)...].firstIndex { !$0.allSatisfy(\.isWhitespace) && Line.indent($0) <= line.parentIndent }
        ?? lines.count
    }
    guard mark == "'" || mark == "\"" else { return nil }
    var text = line.value.dropFirst()
    var end = first + 1
    while true {
      var isEscaped = false
      for character in text {
        if character == mark, !isEscaped { return end }
        isEscaped = character == "\\" && mark == "\"" && !isEscaped
      }
      guard end < lines.count else { return end }
      text = lines[end][...]
      end += 1
    }
  }

  private struct Value {
    var text: [Character] = []
    var comment = ""
    /// Whether a label stands in brackets.
    var hasLabel = false
    /// The line after it.
    var end: Int
  }

  /// The plain text that begins in a line, with the lines that go on with it; nil if none does.
  private func value(from first: Int, _ line: Line) -> Value? {
    guard line.value.first?.isLetter == true else { return nil }
    var value = Value(end: first)
    var depth = 0
    var quote: Character?
    var rest = line.value
    while true {
      value.end += 1
      var index = rest.startIndex
      while index < rest.endIndex {
        let character = rest[index]
        let following = index + 1 < rest.endIndex ? rest[index + 1] : " "
        if let open = quote {
          if character == "\\", index + 1 < rest.endIndex {
            value.text.append(character)
            index += 1
          } else if character == open {
            quote = nil
          }
        } else if character == "#", index == rest.startIndex || rest[index - 1].isWhitespace {
          value.comment = " " + String(rest[index...])
          break
        } else if depth > 0, character == "'" || character == "\"" {
          quote = character
        } else if "([".contains(character) {
          depth += 1
        } else if ")]".contains(character) {
          depth -= 1
        } else if character == ":", depth > 0, following.isWhitespace {
          value.hasLabel = true
        }
        value.text.append(rest[index])
        index += 1
      }
      guard value.end < lines.count else { return value }
      let next = lines[value.end]
      let start = next.firstIndex { !$0.isWhitespace }
      guard let start, Line.indent(next) > line.parentIndent || depth > 0 && next[start] == ")" else { return value }
      value.text.append(" ")
      rest = next[start...]
    }
  }
}

/// A line of YAML: what stands before its value.
private struct Line {
  private(set) var key: String?
  private(set) var keyStart = 0
  /// What goes on with the value is indented by more.
  private(set) var parentIndent = 0
  let start: Int
  let value: ArraySlice<Character>

  init(_ line: [Character]) {
    func isSpace(_ index: Int) -> Bool { index >= line.count || line[index].isWhitespace }
    func afterSpace(_ index: Int) -> Int {
      line[min(index, line.count)...].firstIndex { !$0.isWhitespace } ?? line.count
    }
    var index = afterSpace(0)
    parentIndent = Self.indent(line) - 1
    while index < line.count, line[index] == "-", isSpace(index + 1) {
      parentIndent = index
      index = afterSpace(index + 1)
    }
    var end = index
    var name: ArraySlice<Character> = []
    if index < line.count, line[index] == "'" || line[index] == "\"" {
      if let close = line[(index + 1)...].firstIndex(of: line[index]) {
        name = line[index + 1..<close]
        end = afterSpace(close + 1)
      }
    } else {
      while end < line.count, line[end].isLetter || line[end].isNumber || "-_".contains(line[end]) { end += 1 }
      name = line[index..<end]
      end = afterSpace(end)
    }
    if !name.isEmpty, end < line.count, line[end] == ":", isSpace(end + 1) {
      (key, keyStart, parentIndent) = (String(name), index, index)
      index = afterSpace(end + 1)
    }
    start = index
    value = line[index...]
  }

  static func indent(_ line: [Character]) -> Int { line.prefix { $0 == " " || $0 == "\t" }.count }
}
