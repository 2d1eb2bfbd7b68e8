import Foundation

/// The two places that a command writes to.
enum Console {
  /// A result, with a line end, on standard output; control characters are escaped.
  ///
  /// Throws when it cannot be written, so that a full disk is not taken for success.
  static func result(_ text: String) throws { try print(text.printableLines) }

  /// A chart, whose colours are escapes.
  static func chart(_ text: String) throws { try print(text) }

  private static func print(_ text: String) throws {
    do {
      try FileHandle.standardOutput.write(contentsOf: Data("\(text)\n".utf8))
    } catch {
      throw CommandError("standard output cannot be written: \(String(cString: strerror(errno)))")
    }
  }

  static func result(_ value: JSONValue) throws { try result(value.description) }

  /// A note to the user, with a line end, on standard error; control characters are escaped.
  static func note(_ text: String) { write("\(text.printableLines)\n") }

  /// Text on standard error, as it is. Nobody can be told when it cannot be written.
  static func write(_ text: String) { try? FileHandle.standardError.write(contentsOf: Data(text.utf8)) }
}
