/// `key=value`, as `--set` takes it.
enum Assignment {
  /// Throws `CommandError` for a text without an equals sign.
  static func all(_ texts: [String]) throws(CommandError) -> [(path: String, value: String)] {
    var pairs: [(path: String, value: String)] = []
    for text in RepeatedOptions.values(texts) {
      guard let sign = text.firstIndex(of: "="), sign != text.startIndex else {
        throw CommandError("--set: expected key=value, such as optimizer.rate=0.01, found '\(text)'")
      }
      let path = text[..<sign].filter { !$0.isWhitespace }
      pairs.append((path, String(text[text.index(after: sign)...])))
    }
    return pairs
  }
}
