import Orchestrator

/// Values of an option that stands many times in a row, handed to the parser as one.
///
/// The parser looks through all that is left of the command line for every option: 20,000 tags took it half a minute.
enum RepeatedOptions {
  private static let names: Set<String> = Set(
    ["--set"]
      + Recipe.keys.compactMap { key in
        if case .texts(let each) = key.form { "--\(each)" } else { nil }
      })

  /// No argument of a process can hold it.
  private static let separator: Character = "\0"

  /// `--tag a --tag=b` becomes one `--tag=`, with both values; nothing is changed after `--`.
  static func joined(_ arguments: [String]) -> [String] {
    let end = arguments.firstIndex(of: "--") ?? arguments.endIndex
    var rest = arguments[..<end]
    var result: [String] = []
    while let first = rest.first {
      guard let option = option(rest) else {
        result.append(first)
        rest.removeFirst()
        continue
      }
      var values: [String] = []
      while let next = self.option(rest), next.name == option.name {
        values.append(next.value)
        rest.removeFirst(next.count)
      }
      result.append("\(option.name)=\(values.joined(separator: String(separator)))")
    }
    return result + arguments[end...]
  }

  /// The option that some arguments begin with, and how many it takes; nil for what cannot be repeated or is no option.
  private static func option(_ arguments: ArraySlice<String>) -> (name: String, value: String, count: Int)? {
    guard let first = arguments.first, first.hasPrefix("--") else { return nil }
    let parts = first.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    guard names.contains(parts[0]) else { return nil }
    if parts.count == 2 { return (parts[0], parts[1], 1) }
    guard let value = arguments.dropFirst().first, !value.hasPrefix("-") else { return nil }
    return (first, value, 2)
  }

  /// The values of an option that may have been joined.
  static func values(_ texts: [String]) -> [String] {
    texts.flatMap { $0.split(separator: separator, omittingEmptySubsequences: false).map(String.init) }
  }
}
