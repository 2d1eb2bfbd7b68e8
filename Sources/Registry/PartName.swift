/// Whether a text is lower-case words joined by hyphens, the first of which begins with a letter: `leaky-relu`.
///
/// Without a regular expression: to read one takes longer than to register a part, and every command registers all.
package func isPartName(_ text: String) -> Bool {
  func isLetter(_ byte: UInt8) -> Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) }
  func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
  let words = text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
  return text.utf8.first.map(isLetter) == true
    && words.allSatisfy { !$0.isEmpty && $0.allSatisfy { isLetter($0) || isDigit($0) } }
}
