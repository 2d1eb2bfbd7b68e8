import Foundation

/// The two places that a command writes to.
enum Console {
  /// A result, with a line end, on standard output.
  ///
  /// Throws when it cannot be written, so that a full disk is not taken for success.
  static func result(_ text: String) throws {
    do {
      try FileHandle.standardOutput.write(contentsOf: Data("\(text)\n".utf8))
    } catch {
      throw CommandError("standard output cannot be written: \(String(cString: strerror(errno)))")
    }
  }

  static func result(_ value: JSONValue) throws { try result(value.description) }

  /// A note to the user, with a line end, on standard error.
  static func note(_ text: String) { write("\(text)\n") }

  /// Text on standard error, as it is. Nobody can be told when it cannot be written.
  static func write(_ text: String) { try? FileHandle.standardError.write(contentsOf: Data(text.utf8)) }
}
