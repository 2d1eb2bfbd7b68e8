extension String {
  /// The text with control characters as escapes, as JSON writes them: a name must not move the cursor of a terminal,
  /// colour it, or begin a line.
  var printable: String { escaping { $0.escape } }

  /// The same of a text whose lines and tabs are meant.
  var printableLines: String { escaping { $0 == "\n" || $0 == "\t" ? nil : $0.escape } }

  private func escaping(_ escape: (Unicode.Scalar) -> String?) -> String {
    guard unicodeScalars.contains(where: { escape($0) != nil }) else { return self }
    var result = ""
    for scalar in unicodeScalars {
      if let escape = escape(scalar) { result += escape } else { result.unicodeScalars.append(scalar) }
    }
    return result
  }
}

extension Unicode.Scalar {
  /// What stands for it where it must not act: `\n`, `\u001b`; nil for what may be shown as it is.
  var escape: String? {
    switch value {
    case 0x0A: return "\\n"
    case 0x0D: return "\\r"
    case 0x09: return "\\t"
    // Control characters; then what ends lines, or turns the direction of writing so that a text reads as another.
    case ..<0x20, 0x7F..<0xA0, 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x2069:
      let digits = String(value, radix: 16)
      return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    default: return nil
    }
  }
}
