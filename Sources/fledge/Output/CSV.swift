/// Rows as comma-separated values (RFC 4180), for spreadsheets and data frames.
enum CSV {
  /// A line of fields.
  static func line(_ fields: [String]) -> String { fields.joined(separator: ",") }

  /// A field that holds a text, never a number.
  ///
  /// A spreadsheet runs a text that begins with = + - or @ as a formula: an apostrophe before it keeps it a text (OWASP,
  /// CSV injection). Control characters are escaped, so that a row is a line.
  static func text(_ text: String) -> String {
    var field = text.printable
    if let first = field.first, "=+-@".contains(first) { field = "'" + field }
    return field.contains(where: { "\",".contains($0) }) ? "\"\(field.replacing("\"", with: "\"\""))\"" : field
  }
}
