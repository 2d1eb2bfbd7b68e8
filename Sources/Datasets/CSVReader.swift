import Foundation

/// Reads the rows of a text with separated values (RFC 4180) from its bytes.
///
/// A field in double quotes may hold separators, line ends and, doubled, quotes. Outside quotes, spaces around a field do
/// not belong to it. Lines end with a line feed, with or without a carriage return; empty lines are skipped.
struct CSVReader {
  /// Where a field lies in the bytes.
  struct Field {
    var range: Range<Int>
    var hasDoubledQuotes = false
  }

  let file: String
  private let bytes: [UInt8]
  private let separator: UInt8
  private var position: Int
  private var nextLine = 1
  /// The line on which the last row began, from 1.
  private(set) var line = 0

  /// `bytes` must end with a zero, which is not part of the text: numbers are parsed in place and end there at the latest.
  init(_ bytes: [UInt8], separator: UInt8, file: String) {
    self.file = file
    self.separator = separator
    self.bytes = bytes
    position = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
  }

  private var end: Int { bytes.count - 1 }

  /// Whether there was another row, now in `fields`. Throws ``DatasetError``.
  mutating func readRow(_ fields: inout [Field]) throws(DatasetError) -> Bool {
    fields.removeAll(keepingCapacity: true)
    while position < end, isLineEnd(position) { skipLineEnd() }
    guard position < end else { return false }
    line = nextLine
    while true {
      fields.append(try readField())
      guard position < end else { return true }
      if bytes[position] == separator {
        position += 1
      } else {
        skipLineEnd()
        return true
      }
    }
  }

  private mutating func readField() throws(DatasetError) -> Field {
    skipSpaces()
    if position < end, bytes[position] == UInt8(ascii: "\"") { return try readQuotedField() }
    let first = position
    while position < end, bytes[position] != separator, !isLineEnd(position) { position += 1 }
    var last = position
    while last > first, isSpace(bytes[last - 1]) { last -= 1 }
    return Field(range: first..<last)
  }

  private mutating func readQuotedField() throws(DatasetError) -> Field {
    let openingLine = nextLine
    position += 1
    var field = Field(range: position..<position)
    while position < end {
      if bytes[position] == UInt8(ascii: "\n") { nextLine += 1 }
      guard bytes[position] == UInt8(ascii: "\"") else {
        position += 1
        continue
      }
      if bytes[position + 1] == UInt8(ascii: "\"") {
        field.hasDoubledQuotes = true
        position += 2
        continue
      }
      field.range = field.range.lowerBound..<position
      position += 1
      skipSpaces()
      guard position == end || bytes[position] == separator || isLineEnd(position) else {
        throw DatasetError(
          .malformedQuote, at: .init(file: file, position: .line(nextLine)), "text follows a closing quote",
          remedy: "double the quotes that belong to the text")
      }
      return field
    }
    throw DatasetError(
      .malformedQuote, at: .init(file: file, position: .line(openingLine)),
      "a quote is opened here and never closed", remedy: "close it, or double it if it belongs to the text")
  }

  /// The text of a field. Throws ``DatasetError`` if it is not UTF-8.
  func text(_ field: Field) throws(DatasetError) -> String {
    guard let text = String(validating: bytes[field.range], as: UTF8.self) else {
      throw DatasetError(
        .notText, at: .init(file: file, position: .line(line)), "the text is not UTF-8",
        remedy: "convert it, for instance with iconv -t UTF-8")
    }
    return field.hasDoubledQuotes ? text.replacing("\"\"", with: "\"") : text
  }

  /// The number that a field is; nil if it is none, or none that Float32 can hold.
  func number(_ field: Field) -> Double? {
    guard let first = bytes[field.range].first, isNumeric(first), bytes[field.range].allSatisfy(isNumericPart) else {
      return nil
    }
    return bytes.withUnsafeBytes { buffer in
      guard let start = buffer.baseAddress?.assumingMemoryBound(to: CChar.self) else { return nil }
      var last: UnsafeMutablePointer<CChar>?
      let value = strtod(start + field.range.lowerBound, &last)
      return last.map { UnsafePointer($0) } == start + field.range.upperBound && Float(value).isFinite ? value : nil
    }
  }

  private func isNumeric(_ byte: UInt8) -> Bool { (48...57).contains(byte) || byte == 43 || byte == 45 || byte == 46 }

  /// Digits, signs, the point and the exponent: no hexadecimal numbers, no `nan`.
  private func isNumericPart(_ byte: UInt8) -> Bool { isNumeric(byte) || byte == 69 || byte == 101 }

  private func isSpace(_ byte: UInt8) -> Bool { byte == 32 || (byte == 9 && separator != 9) }

  private func isLineEnd(_ position: Int) -> Bool {
    bytes[position] == 10 || (bytes[position] == 13 && (bytes[position + 1] == 10 || position + 1 == end))
  }

  private mutating func skipLineEnd() {
    if bytes[position] == 13 { position += 1 }
    if position < end, bytes[position] == 10 { position += 1 }
    nextLine += 1
  }

  private mutating func skipSpaces() {
    while position < end, isSpace(bytes[position]) { position += 1 }
  }
}
